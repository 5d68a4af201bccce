import { constants } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';

/** What the journals need of a disk. Everything rejects with the system's own error. */
export interface Files {
  /** With those above it; does nothing where there is one. */
  readonly makeFolder: (path: string) => Promise<void>;
  /** The names in a folder. */
  readonly list: (path: string) => Promise<readonly string[]>;
  readonly read: (path: string) => Promise<Uint8Array>;
  /** Rejects with EEXIST where there is one: of many who try, one succeeds. */
  readonly create: (path: string, text: string) => Promise<void>;
  /** Rejects with ENOENT where there is none. */
  readonly append: (path: string, text: string) => Promise<void>;
  /** Resolves when it has left the disk's cache. */
  readonly sync: (path: string) => Promise<void>;
  readonly rename: (from: string, to: string) => Promise<void>;
  /** A file, or a folder with all that is in it. Does nothing where there is none. */
  readonly remove: (path: string) => Promise<void>;
  readonly modifiedAt: (path: string) => Promise<number>;
  /** In milliseconds, with a fraction; when it was changed, on a disk that does not keep it. */
  readonly createdAt: (path: string) => Promise<number>;
  readonly touch: (path: string, time: number) => Promise<void>;
}

/** What is written belongs to this user alone: it tells what somebody works on. */
const OWN_FOLDER = 0o700;
const OWN_FILE = 0o600;

export const systemFiles: Files = {
  async makeFolder(path) {
    await mkdir(path, { recursive: true, mode: OWN_FOLDER });
  },
  list: (path) => readdir(path),
  read: (path) => readFile(path),
  create: (path, text) => written(path, 'wx', text),
  append: (path, text) => written(path, constants.O_WRONLY | constants.O_APPEND, text),
  async sync(path) {
    const file = await open(path, 'r+');
    try {
      await file.datasync();
    } finally {
      await file.close();
    }
  },
  rename: (from, to) => rename(from, to),
  remove: (path) => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  async modifiedAt(path) {
    return (await stat(path)).mtimeMs;
  },
  async createdAt(path) {
    const { birthtimeMs, mtimeMs } = await stat(path);
    return birthtimeMs > 0 ? Math.min(birthtimeMs, mtimeMs) : mtimeMs;
  },
  async touch(path, time) {
    await utimes(path, new Date(time), new Date(time));
  },
};

async function written(path: string, flags: string | number, text: string): Promise<void> {
  const file = await open(path, flags, OWN_FILE);
  try {
    await file.appendFile(text);
  } finally {
    await file.close();
  }
}

/** Such as ENOENT: what the system calls the reason. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
