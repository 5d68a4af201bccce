const PATIENCE_MS = 25_000;
const BETWEEN_LOOKS_MS = 100;

/** What `look` finds, as soon as it finds something: for what no event tells. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`Not within ${patienceMs / 1000} s: ${what}`);
    await new Promise((wake) => setTimeout(wake, BETWEEN_LOOKS_MS));
  }
}
