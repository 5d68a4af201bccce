/** Of two versions as in `1.2.3`; what is not one is older than any. */
export function isOlder(version: string, than: string): boolean {
  const one = partsOf(version);
  const other = partsOf(than);
  for (const [index, part] of one.entries()) {
    const difference = part - (other[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function partsOf(version: string): readonly number[] {
  const match = /^(\d+)\.(\d+)\.(\d+)/.exec(version);
  return match ? match.slice(1).map(Number) : [-1, -1, -1];
}
