import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, readlink, realpath, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { systemErrorCode } from '../../lifecycle/outbox/files.ts';

export type Written = 'written' | 'changed-meanwhile' | 'read-only';

const NO_RIGHTS = new Set(['EACCES', 'EPERM', 'EROFS']);
const ANY_MAY_WRITE = 0o222;

/** Undefined where there is none yet. */
export async function readSettings(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The outermost folder that is made when the file is written; undefined if none is. */
export async function missingFolder(path: string): Promise<string | undefined> {
  let missing: string | undefined;
  let folder = dirname(await targetOf(path));
  while ((await modeOf(folder)) === undefined) {
    missing = folder;
    folder = dirname(folder);
  }
  return missing;
}

/** Removes the file if it still holds `before`, then the folders up to `outermost` that are empty without it. */
export function removeSettings(path: string, before: string, outermost: string | undefined): Promise<Written> {
  return unlessReadOnly(async () => {
    const target = await targetOf(path);
    if ((await readSettings(target)) !== before) return 'changed-meanwhile';
    await rm(target);
    if (outermost !== undefined) await removeEmptyFolders(dirname(target), outermost);
    return 'written';
  });
}

async function removeEmptyFolders(innermost: string, outermost: string): Promise<void> {
  for (let folder = innermost; folder === outermost || folder.startsWith(outermost + sep); folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch {
      // It holds something else by now, and so do the folders around it.
      return;
    }
  }
}

/** At one stroke, if it still holds what the change was made from. Of a link, what it leads to is written. */
export function writeSettings(path: string, before: string | undefined, after: string): Promise<Written> {
  return unlessReadOnly(async () => {
    const target = await targetOf(path);
    const mode = await modeOf(target);
    if (mode !== undefined && (mode & ANY_MAY_WRITE) === 0) return 'read-only';
    await mkdir(dirname(target), { recursive: true });
    const draft = `${target}.${randomUUID()}`;
    try {
      await put(draft, after, mode ?? 0o600);
      if ((await readSettings(target)) !== before) return 'changed-meanwhile';
      await rename(draft, target);
    } finally {
      await rm(draft, { force: true });
    }
    return 'written';
  });
}

async function unlessReadOnly(work: () => Promise<Written>): Promise<Written> {
  try {
    return await work();
  } catch (error) {
    if (NO_RIGHTS.has(systemErrorCode(error) ?? '')) return 'read-only';
    throw error;
  }
}

async function put(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function modeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mode & 0o777;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
    // A link that leads nowhere yet, or no file at all.
    const link = await readlink(path).catch(() => undefined);
    return link === undefined ? path : resolve(dirname(path), link);
  }
}
