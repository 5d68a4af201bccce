import * as z from 'zod/mini';
import { StoredMetadata } from './metadata.ts';
import { Count, DockerSlot, MachineId, Timestamp } from './primitives.ts';
import { SessionStatus } from './session.ts';
import { Task } from './task.ts';

/** Everything one must know to bring a session back: what was done, what was not, and whether it may be. */
export const RecoveryState = z
  .object({
    session_id: z.string(),
    project_id: z.string(),
    status: SessionStatus,
    recoverable: z.boolean(),
    recovered_by: z.nullable(z.string()),
    recovery_attempts: Count,
    max_recovery_attempts: Count,
    recovery_prepared_at: z.nullable(Timestamp),
    last_successful_task: z.nullable(Task),
    failed_tasks: z.array(Task),
    in_progress_tasks: z.array(Task),
    pending_tasks: z.array(Task),
    blocked_tasks: z.array(Task),
    last_heartbeat: Timestamp,
    metadata: StoredMetadata,
  })
  .check(z.meta({ id: 'RecoveryState' }));
export type RecoveryState = z.output<typeof RecoveryState>;

export const RecoverSession = z
  .strictObject({
    new_machine_id: MachineId,
    docker_slot: z.optional(DockerSlot),
    reset_failed_tasks: z._default(z.boolean(), true),
    force: z._default(z.boolean(), false),
  })
  .check(z.meta({ id: 'RecoverSession' }));
export type RecoverSession = z.output<typeof RecoverSession>;
