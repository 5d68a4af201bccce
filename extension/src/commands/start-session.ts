import { DockerSlot, ProjectId } from '@claude-projects/shared/contract';
import * as z from 'zod/mini';
import { optionIn } from './arguments.ts';
import type { CommandDeps } from './command-deps.ts';
import { taken } from './own-session.ts';

const Options = z.strictObject({
  projectId: z.optional(ProjectId),
  dockerSlot: z.optional(DockerSlot),
  folder: z.optional(z.string()),
});

/** Starts a session by hand: of the folder that is edited, or of the one that the user picks where there are several. */
export async function startSession(deps: CommandDeps, args: unknown): Promise<void> {
  const { ui, localize, lifecycle, tree } = deps;
  const options = optionIn(Options, args, localize) ?? {};
  const { projectId, dockerSlot, folder = await chooseFolder(deps) } = options;
  const started = await lifecycle.start({
    ...(projectId === undefined ? {} : { projectId }),
    ...(dockerSlot === undefined ? {} : { dockerSlot }),
    ...(folder === undefined ? {} : { folder }),
  });
  const tracker = taken(started, localize);
  ui.note(localize('Session of {0} started', tracker.projectId));
  await tree.reveal(tracker.sessionId);
}

/** Undefined where there is no choice. */
async function chooseFolder({ ui, localize, places }: CommandDeps): Promise<string | undefined> {
  const { folders, activeFolder } = places;
  if (folders.length < 2) return undefined;
  if (activeFolder) return activeFolder.path;
  return ui.pick(
    folders.map(({ name, path }) => ({ label: name, description: path, value: path })),
    { title: localize('Start Session'), placeholder: localize('In which folder?') },
  );
}
