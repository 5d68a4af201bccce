import { basename, sep } from 'node:path';
import { checkoutId, comparable, slotOfFolder } from './derived-place.ts';
import { branchOf, type Checkout, checkoutOf, type ReadText } from './git-checkout.ts';
import { projectIdOf, type WorkspaceFolder } from './project-id.ts';
import type { FolderPlace } from './workspace-place.ts';

export interface WindowFolders {
  /** In the order in which they are shown. */
  readonly folders: readonly WorkspaceFolder[];
  readonly projectId: string | undefined;
  readonly dockerSlot: number | undefined;
  readonly read: ReadText;
  /** The path itself where it cannot be resolved. */
  readonly realPath: (path: string) => Promise<string>;
}

/**
 * The main checkout that the window's first folder lies in has the slot of the setting, or none. Each linked worktree,
 * each further folder, and each other checkout has a slot that is derived from its path.
 */
export async function folderPlace(window: WindowFolders, path?: string): Promise<FolderPlace> {
  const { read, realPath, folders } = window;
  const [first] = folders;
  const at = path === undefined ? first?.path && (await realPath(first.path)) : await realPath(path);
  if (at === undefined || at === '') return { ...(await ofFolder(window, first)), metadata: {} };
  const folder = path === undefined ? first : await folderAround(window, at);
  const checkout = await checkoutOf(at, read);
  const own = await ownFolder(window, folder, at, checkout);
  const branch = checkout && (await branchOf(checkout, read));
  return {
    ...(await ofFolder(window, folder === undefined || checkout?.isLinked ? named(own ?? at, folder) : folder)),
    ...(own !== undefined && { dockerSlot: slotOfFolder(own) }),
    metadata: {
      ...(branch !== undefined && { branch }),
      ...(own !== undefined && { worktree: basename(own) }),
      checkout: checkoutId(checkout?.root ?? at),
    },
  };
}

/** The one that contains the path; of several the innermost. */
async function folderAround({ folders, realPath }: WindowFolders, at: string): Promise<WorkspaceFolder | undefined> {
  const around: { folder: WorkspaceFolder; length: number }[] = [];
  for (const folder of folders) {
    if (folder.path === undefined) continue;
    const real = await realPath(folder.path);
    if (isInside(at, real)) around.push({ folder, length: real.length });
  }
  return around.sort((a, b) => b.length - a.length)[0]?.folder;
}

/** The folder whose path the slot is derived from; undefined in the window's main checkout. */
async function ownFolder(
  { folders, read, realPath }: WindowFolders,
  folder: WorkspaceFolder | undefined,
  at: string,
  checkout: Checkout | undefined,
): Promise<string | undefined> {
  if (checkout?.isLinked) return checkout.root;
  const [first] = folders;
  if (first?.path === undefined) return checkout?.root ?? at;
  const main = await checkoutOf(await realPath(first.path), read);
  if (folder === undefined || (folder === first && checkout?.root !== main?.root)) return checkout?.root ?? at;
  return folder === first || folder.path === undefined ? undefined : realPath(folder.path);
}

async function ofFolder({ projectId, dockerSlot, read }: WindowFolders, folder: WorkspaceFolder | undefined) {
  return { projectId: await projectIdOf(projectId, folder, read), dockerSlot };
}

/** A worktree without a remote is filed under the name of the window's folder that it lies in. */
function named(path: string, folder: WorkspaceFolder | undefined): WorkspaceFolder {
  return { name: folder?.name ?? basename(path), path };
}

export function isInside(path: string, folder: string): boolean {
  const [inner, outer] = [comparable(path), comparable(folder)];
  return inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep);
}
