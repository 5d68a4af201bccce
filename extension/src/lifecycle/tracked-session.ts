import { DockerSlot, MachineId, Metadata, ProjectId, Uuid } from '@claude-projects/shared/contract';
import * as z from 'zod/mini';

/** What this machine must remember of a session it tracks, to go on with it in another process. */
export const TrackedSession = z.object({
  session_id: Uuid,
  project_id: ProjectId,
  machine_id: MachineId,
  docker_slot: z.optional(DockerSlot),
  metadata: z.optional(Metadata),
  /** Which workspace it belongs to: only a window of this workspace goes on with it. */
  workspace: z.string(),
  /** ISO 8601. */
  since: z.iso.datetime({ offset: true }),
});
export type TrackedSession = z.output<typeof TrackedSession>;
