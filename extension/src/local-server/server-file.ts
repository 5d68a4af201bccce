import { join } from 'node:path';
import * as z from 'zod/mini';
import type { ServerFiles } from './server-files.ts';

/** What the server writes when it is ready; a newer one may say more. */
const ServerFile = z.object({
  port: z.int().check(z.minimum(1), z.maximum(65_535)),
  key: z.uuidv4(),
  pid: z.int(),
  instance: z.uuidv4(),
});
export type ServerFile = z.output<typeof ServerFile>;

/** Undefined where there is none, or something else: both mean that nobody is known to serve. */
export async function readServerFile(files: ServerFiles, folder: string): Promise<ServerFile | undefined> {
  const text = await files.read(join(folder, 'server.json'));
  return text === undefined ? undefined : ServerFile.safeParse(jsonIn(text)).data;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
