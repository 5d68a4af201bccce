import { ProjectId } from '@claude-projects/shared/contract';
import * as z from 'zod/mini';
import { checkoutOf, originOf, type ReadText } from './git-checkout.ts';
import { projectOfRemote } from './git-remote.ts';

export interface WorkspaceFolder {
  readonly name: string;
  /** Undefined for a folder that is on no disk, as in a virtual workspace. */
  readonly path: string | undefined;
}

/** What sessions are filed under where no folder is open. */
export const NO_FOLDER = 'no-folder';

/** The setting, else `owner/name` of the git remote, else the name of the folder. */
export async function projectIdOf(
  setting: string | undefined,
  folder: WorkspaceFolder | undefined,
  read: ReadText,
): Promise<string> {
  if (setting !== undefined) return setting;
  if (folder === undefined) return NO_FOLDER;
  const checkout = folder.path === undefined ? undefined : await checkoutOf(folder.path, read);
  const origin = checkout && (await originOf(checkout, read));
  const remote = origin === undefined ? undefined : projectOfRemote(origin);
  return [remote, folder.name].find(isProjectId) ?? NO_FOLDER;
}

function isProjectId(value: string | undefined): value is string {
  return z.safeParse(ProjectId, value).success;
}
