import { DockerSlot, ProjectId } from '@claude-projects/shared/contract';
import * as z from 'zod/mini';
import { optionIn } from './arguments.ts';
import type { CommandDeps } from './command-deps.ts';
import { taken } from './own-session.ts';
import { Refusal } from './refusal.ts';

const Options = z.strictObject({ projectId: z.optional(ProjectId), dockerSlot: z.optional(DockerSlot) });

/** Starts a session by hand, of the project that is open unless told otherwise. */
export async function startSession(deps: CommandDeps, args: unknown): Promise<void> {
  const { ui, localize, lifecycle, sessions, tree } = deps;
  const { projectId, dockerSlot } = optionIn(Options, args, localize) ?? {};
  // Two of one project would be in each other's way: the API takes one for each place.
  const inTheWay = lifecycle.trackers.find((tracker) => projectId === undefined || tracker.projectId === projectId);
  if (inTheWay !== undefined && dockerSlot === undefined) {
    throw new Refusal(localize('This window tracks a session of {0} already. Complete it first.', inTheWay.projectId), [
      { label: localize('Complete Session'), command: 'claudeProjects.completeSession', args: [inTheWay.sessionId] },
    ]);
  }
  const started = await lifecycle.start({
    ...(projectId === undefined ? {} : { projectId }),
    ...(dockerSlot === undefined ? {} : { dockerSlot }),
  });
  const tracker = taken(started, localize);
  ui.note(localize('Session of {0} started', tracker.projectId));
  await sessions.refresh();
  await tree.reveal(tracker.sessionId);
}
