/** Makes all calls at once; the time within which 95 of 100 were answered. */
export async function p95Of(calls: readonly (() => Promise<unknown>)[]): Promise<number> {
  const times = await Promise.all(
    calls.map(async (call) => {
      const start = performance.now();
      await call();
      return performance.now() - start;
    }),
  );
  const sorted = times.toSorted((one, other) => one - other);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.POSITIVE_INFINITY;
}
