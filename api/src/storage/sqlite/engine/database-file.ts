import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StorageStartError, StorageUnavailableError } from '../../storage-errors.ts';

const OWNER_ONLY_DIRECTORY = 0o700;
const OWNER_ONLY_FILE = 0o600;

export class DatabaseFile {
  readonly path: string;
  readonly #identity: string;

  private constructor(path: string) {
    this.path = path;
    this.#identity = identityOf(path);
  }

  /**
   * Makes directory and file before SQLite would, because SQLite would make them readable for everybody; what
   * it puts beside the file later gets the file's own mode.
   */
  static prepare(dataDir: string): DatabaseFile {
    const path = join(resolve(dataDir), 'claude-projects.db');
    try {
      mkdirSync(dirname(path), { recursive: true, mode: OWNER_ONLY_DIRECTORY });
      closeSync(openSync(path, 'a', OWNER_ONLY_FILE));
      return new DatabaseFile(path);
    } catch (error) {
      throw new StorageStartError(
        `${path} cannot be opened for writing: give the API's user write access to it and to its directory, or set DATA_DIR to another directory.`,
        { cause: error },
      );
    }
  }

  /**
   * A file that was deleted or replaced under a running process still takes writes, into nowhere: SQLite does
   * not notice, so this must.
   */
  mustBeInPlace(): void {
    try {
      if (identityOf(this.path) === this.#identity) return;
    } catch (error) {
      throw this.#lost(error);
    }
    throw this.#lost();
  }

  #lost(cause?: unknown): StorageUnavailableError {
    return new StorageUnavailableError(
      `${this.path} was removed or replaced while the API was running: put the right file in place and restart the API.`,
      { cause },
    );
  }
}

function identityOf(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev}:${ino}`;
}
