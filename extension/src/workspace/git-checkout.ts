import { dirname, isAbsolute, join, resolve } from 'node:path';
import { isOfAnotherMachine } from './derived-place.ts';
import { remoteUrl } from './git-config.ts';

/** Undefined where the file is missing or cannot be read. */
export type ReadText = (path: string) => Promise<string | undefined>;

/**
 * A working tree of git. Read from git's files: this needs neither git nor the editor's git extension, and runs nothing
 * of a workspace nobody trusts yet.
 */
export interface Checkout {
  readonly root: string;
  /** Has `HEAD` of this checkout. */
  readonly gitFolder: string;
  /** Has the configuration; a linked worktree shares it with the clone that it was made from. */
  readonly commonFolder: string;
  /** Made by `git worktree add`. */
  readonly isLinked: boolean;
}

/** The checkout that a folder lies in: a clone, a linked worktree or a submodule. */
export async function checkoutOf(folder: string, read: ReadText): Promise<Checkout | undefined> {
  for (const root of parentsOf(folder)) {
    const gitFolder = await gitFolderOf(root, read);
    if (gitFolder === undefined) continue;
    const common = (await read(join(gitFolder, 'commondir')))?.trim();
    const commonFolder = (common && from(gitFolder, common)) || gitFolder;
    return { root, gitFolder, commonFolder, isLinked: commonFolder !== gitFolder };
  }
  return undefined;
}

/** The URL of the remote `origin`. */
export async function originOf({ commonFolder }: Checkout, read: ReadText): Promise<string | undefined> {
  const config = await read(join(commonFolder, 'config'));
  return config === undefined ? undefined : remoteUrl(config, 'origin');
}

/** Undefined where no branch is checked out. */
export async function branchOf({ gitFolder }: Checkout, read: ReadText): Promise<string | undefined> {
  return /^ref:\s*refs\/heads\/(.+?)\s*$/m.exec((await read(join(gitFolder, 'HEAD'))) ?? '')?.[1];
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

/** Undefined where the folder is not the top of a checkout. */
async function gitFolderOf(folder: string, read: ReadText): Promise<string | undefined> {
  const direct = join(folder, '.git');
  if ((await read(join(direct, 'config'))) !== undefined) return direct;
  const pointer = /^gitdir:\s*(.+?)\s*$/m.exec((await read(direct)) ?? '')?.[1];
  return pointer === undefined ? undefined : from(folder, pointer);
}

/** Undefined where a file of this machine names a folder of another one: nobody may trust the workspace yet. */
function from(folder: string, path: string): string | undefined {
  if (isOfAnotherMachine(path) && !isOfAnotherMachine(folder)) return undefined;
  return isAbsolute(path) ? resolve(path) : resolve(folder, path);
}
