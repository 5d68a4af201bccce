import { dirname, isAbsolute, join, resolve } from 'node:path';
import { remoteUrl } from './git-config.ts';

/** Undefined where there is no such file, or where it cannot be read. */
export type ReadText = (path: string) => Promise<string | undefined>;

/**
 * The remote `origin` of the repository that a folder lies in. Read from git's files: it needs neither git nor the
 * editor's git extension, and runs nothing of a workspace nobody trusts yet.
 */
export async function originOf(folder: string, read: ReadText): Promise<string | undefined> {
  for (const parent of parentsOf(folder)) {
    const config = await configOf(parent, read);
    if (config !== undefined) return remoteUrl(config, 'origin');
  }
  return undefined;
}

function* parentsOf(folder: string): Generator<string> {
  let at = resolve(folder);
  for (;;) {
    yield at;
    const parent = dirname(at);
    if (parent === at) return;
    at = parent;
  }
}

/** The configuration of the repository whose top the folder is, as a clone, a worktree or a submodule. */
async function configOf(folder: string, read: ReadText): Promise<string | undefined> {
  const direct = await read(join(folder, '.git', 'config'));
  if (direct !== undefined) return direct;
  const pointer = /^gitdir:\s*(.+?)\s*$/m.exec((await read(join(folder, '.git'))) ?? '')?.[1];
  if (pointer === undefined) return undefined;
  const gitFolder = from(folder, pointer);
  // A worktree shares the configuration of the clone it was made from; a submodule has its own.
  const common = (await read(join(gitFolder, 'commondir')))?.trim();
  return read(join(common ? from(gitFolder, common) : gitFolder, 'config'));
}

function from(folder: string, path: string): string {
  return isAbsolute(path) ? path : resolve(folder, path);
}
