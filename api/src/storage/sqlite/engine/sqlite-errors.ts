import { StorageUnavailableError } from '../../storage-errors.ts';

/** SQLite's primary result codes that tell of the surroundings; all others would be mistakes of ours. */
const BUSY = 5;
const CONSTRAINT_PRIMARY_KEY = 1555;
const CONSTRAINT_UNIQUE = 2067;

const ADVICE: ReadonlyMap<number, (path: string) => string> = new Map([
  [BUSY, (path) => `Another process kept ${path} locked for too long: close whatever else works on it.`],
  [6, (path) => `Another connection kept ${path} locked: restart the API.`],
  [7, (path) => `There was not enough memory to work on ${path}: give the API more.`],
  [8, (path) => `${path} is read-only: give the API's user write access to it and to its directory.`],
  [10, (path) => `Reading or writing ${path} failed: check its disk and the free space there, then restart the API.`],
  [
    11,
    (path) =>
      `${path} is damaged: stop the API and restore a backup, or move the file away to begin with an empty one.`,
  ],
  [13, (path) => `There is no space left for ${path}: free some on its disk.`],
  [14, (path) => `${path} cannot be opened: give the API's user write access to it and to its directory.`],
  [26, (path) => `${path} is not a database: move the file away, or set DATA_DIR to another directory.`],
]);

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

/** What the operator should do about it; undefined where the surroundings are not to blame. */
export function adviceFor(error: unknown, path: string): string | undefined {
  const code = resultCode(error);
  // The low byte is the primary code, the rest says more about it.
  return code === undefined ? undefined : ADVICE.get(code & 0xff)?.(path);
}

export function isBusy(error: unknown): boolean {
  return ((resultCode(error) ?? 0) & 0xff) === BUSY;
}

export function isUniqueViolation(error: unknown): boolean {
  const code = resultCode(error);
  return code === CONSTRAINT_UNIQUE || code === CONSTRAINT_PRIMARY_KEY;
}

export function storageErrorFrom(error: unknown, path: string): unknown {
  const advice = adviceFor(error, path);
  return advice === undefined ? error : new StorageUnavailableError(advice, { cause: error });
}
