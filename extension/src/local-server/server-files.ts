import { mkdir, readFile } from 'node:fs/promises';

export interface ServerFiles {
  /** Undefined where it cannot be read, for whatever reason. */
  read(path: string): Promise<string | undefined>;
  /** With all above it, for its owner only. Rejects where that is impossible. */
  makeFolder(path: string): Promise<void>;
}

export const systemServerFiles: ServerFiles = {
  async read(path) {
    try {
      return await readFile(path, 'utf8');
    } catch {
      return undefined;
    }
  },
  async makeFolder(path) {
    await mkdir(path, { recursive: true, mode: 0o700 });
  },
};
