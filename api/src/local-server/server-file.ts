import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { inFolder, OWNER_ONLY_FILE } from './server-folder.ts';

/** How to reach the server. Written only when it answers, so that whoever reads it can call at once. */
export const ServerFile = z.object({
  port: z.int().check(z.minimum(1), z.maximum(65_535)),
  key: z.uuidv4(),
  pid: z.int(),
  version: z.string(),
  /** Tells one launch from the next. */
  instance: z.uuidv4(),
  startedAt: z.iso.datetime(),
});
export type ServerFile = z.output<typeof ServerFile>;

const pathIn = (folder: string) => join(folder, 'server.json');

/** Readers find the whole file or none. */
export function publishServerFile(folder: string, content: ServerFile): void {
  const path = pathIn(folder);
  const temporary = `${path}.${content.instance}`;
  inFolder(folder, () => {
    writeFileSync(temporary, JSON.stringify(content), { flag: 'wx', mode: OWNER_ONLY_FILE });
    renameSync(temporary, path);
  });
}

/** Leaves another server's file alone, should somebody have moved folders about. */
export function withdrawServerFile(folder: string, instance: string): void {
  const path = pathIn(folder);
  if (instanceIn(path) === instance) rmSync(path, { force: true });
}

function instanceIn(path: string): string | undefined {
  try {
    return ServerFile.parse(JSON.parse(readFileSync(path, 'utf8'))).instance;
  } catch {
    return undefined;
  }
}
