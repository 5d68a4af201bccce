import { readFile, realpath } from 'node:fs/promises';

/** A missing file is the usual case here, and one that cannot be read tells as little. */
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
