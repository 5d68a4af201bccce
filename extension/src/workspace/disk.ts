import { readFile, realpath } from 'node:fs/promises';

/** Undefined where the file is missing, which is usual here, or cannot be read. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The path itself where it cannot be resolved. */
export function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
