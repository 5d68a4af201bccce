import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StorageStartError } from '../storage/storage-errors.ts';

export const OWNER_ONLY_FOLDER = 0o700;
export const OWNER_ONLY_FILE = 0o600;

/** Also narrows a folder that somebody else made: the key in it opens all data. */
export function prepareServerFolder(folder: string): void {
  inFolder(folder, () => {
    mkdirSync(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
    chmodSync(folder, OWNER_ONLY_FOLDER);
  });
}

/** What servers left behind that were killed. Only for the one that holds the lock. */
export function removeRemains(folder: string): void {
  inFolder(folder, () => {
    for (const name of readdirSync(folder)) {
      if (name.startsWith('server.json')) rmSync(join(folder, name), { force: true });
    }
  });
}

/** Whatever the system says against it is for a person to mend. */
export function inFolder<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof StorageStartError) throw error;
    throw new StorageStartError(
      `The folder ${folder} cannot be used: make sure that you may write to it, and that its disk is not full.`,
      { cause: error },
    );
  }
}
