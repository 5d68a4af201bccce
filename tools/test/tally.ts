import { existsSync, readFileSync } from 'node:fs';

export interface Tally {
  passed: number;
  failed: number;
  skipped: string[];
}

/** Adds up what the suites of one run wrote, one JSON line each. */
export function readTally(file: string): Tally {
  const total: Tally = { passed: 0, failed: 0, skipped: [] };
  if (!existsSync(file)) return total;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue;
    const entry = parseEntry(line);
    total.passed += entry.passed;
    total.failed += entry.failed;
    total.skipped.push(...entry.skipped);
  }
  return total;
}

function parseEntry(line: string): Tally {
  const value: unknown = JSON.parse(line);
  if (!isTally(value)) throw new Error(`Not a tally: ${line}`);
  return value;
}

function isTally(value: unknown): value is Tally {
  return (
    typeof value === 'object' &&
    value !== null &&
    'passed' in value &&
    typeof value.passed === 'number' &&
    'failed' in value &&
    typeof value.failed === 'number' &&
    'skipped' in value &&
    Array.isArray(value.skipped)
  );
}

/** The closing lines of a run: what was left out by name, then the figures. */
export function describeTally({ passed, failed, skipped }: Tally): string {
  const figures = `${passed} passed, ${failed} failed`;
  if (skipped.length === 0) return figures;
  return [...skipped.map((title) => `skipped: ${title}`), `${figures}, ${skipped.length} skipped`].join('\n');
}
