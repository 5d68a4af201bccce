import { DockerSlot, MachineId, Metadata, ProjectId, Uuid } from '@claude-projects/shared/contract';
import * as z from 'zod/mini';

/** What this machine must remember of a session it tracks, to go on with it in another process. */
export const TrackedSession = z.object({
  session_id: Uuid,
  project_id: ProjectId,
  machine_id: MachineId,
  docker_slot: z.optional(DockerSlot),
  metadata: z.optional(Metadata),
  /**
   * The slot that another extension asked for, if any: the same request gets this session again, also where the session
   * had to take another slot.
   */
  requested: z.optional(z.object({ docker_slot: z.optional(DockerSlot) })),
  /** Which workspace it belongs to: a window of another one goes on with it only where it follows its agent. */
  workspace: z.string(),
  /** ISO 8601. */
  since: z.iso.datetime({ offset: true }),
});
export type TrackedSession = z.output<typeof TrackedSession>;

/** Of a session whose agent works where no window is open. */
export const NO_WORKSPACE = 'none';

/** Where a session runs. The API takes one at a time in each place. */
export type Place = Pick<TrackedSession, 'project_id' | 'machine_id' | 'docker_slot'>;

/** A slot belongs to its machine: sessions of two projects are in each other's way in it. */
export function isSamePlace(one: Place, other: Place): boolean {
  return (
    one.machine_id === other.machine_id &&
    one.docker_slot === other.docker_slot &&
    (one.docker_slot !== undefined || one.project_id === other.project_id)
  );
}
