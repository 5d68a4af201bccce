/** Tools may report megabytes; what names the event comes first. */
const MOST_KEPT = 1_000_000;
const LIMIT_MS = 500;

/** Reads to the end, so that the writer is not cut off, but keeps only so much, and waits only so long. */
export function readStandardInput(input: NodeJS.ReadStream, then: (text: string) => void): void {
  const parts: Buffer[] = [];
  let length = 0;
  let told = false;
  const tell = (): void => {
    if (told) return;
    told = true;
    clearTimeout(timer);
    then(Buffer.concat(parts).toString('utf8'));
  };
  const timer = setTimeout(tell, LIMIT_MS);
  input.on('data', (part: Buffer) => {
    if (length < MOST_KEPT) parts.push(part);
    length += part.length;
  });
  input.on('end', tell);
  input.on('error', tell);
}
