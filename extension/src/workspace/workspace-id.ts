import { createHash } from 'node:crypto';

export interface OpenWorkspace {
  /** Of the saved workspace, as in `file:///home/me/work.code-workspace`. */
  readonly file: string | undefined;
  /** In the order in which they are shown. */
  readonly folders: readonly string[];
}

/**
 * One that was never saved is what its first folder was alone: the editor ends the extensions when a second folder is
 * added, and the work goes on.
 */
export function openWorkspace(
  file: { readonly scheme: string; toString(): string } | undefined,
  folders: readonly string[],
): OpenWorkspace {
  const isSaved = file !== undefined && file.scheme !== 'untitled';
  return isSaved ? { file: file.toString(), folders } : { file: undefined, folders: folders.slice(0, 1) };
}

/**
 * The same for the same workspace after a reload, and another one for another workspace. A hash: nobody needs to
 * read from it where somebody keeps their work.
 */
export function workspaceIdOf({ file, folders }: OpenWorkspace): string {
  const what = file === undefined ? ['folders', ...folders] : ['file', file];
  return createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 32);
}
