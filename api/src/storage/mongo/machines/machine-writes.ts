import type { MachineRecord } from '../../records.ts';
import type { MachineChanges } from '../../storage.ts';
import type { Stored } from '../documents/fields.ts';
import { toMachineOrNull } from '../documents/machine-document.ts';
import { assignAll, mergeInto } from '../documents/update-stage.ts';
import type { Runner } from '../engine/runner.ts';
import { CHANGED, validAssignments } from '../engine/writes.ts';

export async function getMachine({ models, options, run }: Runner, machineId: string): Promise<MachineRecord | null> {
  return toMachineOrNull(
    await run(() => models.machines.findOne({ machine_id: machineId }, null, options).lean<Stored>()),
  );
}

export async function updateMachine(
  runner: Runner,
  machineId: string,
  changes: MachineChanges,
): Promise<MachineRecord | null> {
  const assignments = {
    ...(await validAssignments(runner.models.machines, changes.set)),
    ...mergeInto(changes.mergeMetadata),
    // Keeps a change of nothing a valid update.
    created_at: '$created_at',
  };
  return assign(runner, machineId, assignments);
}

export async function beatMachine(
  runner: Runner,
  machineId: string,
  at: Date,
  activeSessions: readonly string[],
): Promise<MachineRecord | null> {
  const assignments = {
    ...assignAll({ last_heartbeat: at, updated_at: at, active_sessions: activeSessions }),
    status: { $cond: [{ $eq: ['$status', 'offline'] }, 'online', '$status'] },
  };
  return assign(runner, machineId, assignments);
}

async function assign(
  { models, options, run }: Runner,
  machineId: string,
  assignments: Readonly<Record<string, unknown>>,
): Promise<MachineRecord | null> {
  return toMachineOrNull(
    await run(() =>
      models.machines
        .findOneAndUpdate({ machine_id: machineId }, [{ $set: assignments }], { ...options, ...CHANGED })
        .lean<Stored>(),
    ),
  );
}

/** To be run in a transaction: it asks the sessions too, because one may have started before its machine was registered. */
export async function deleteIdleMachine({ models, options, run }: Runner, machineId: string): Promise<boolean> {
  const active = await run(() =>
    models.sessions.exists({ machine_id: machineId, status: 'active' }).setOptions(options),
  );
  if (active) return false;
  const { deletedCount } = await run(() =>
    models.machines.deleteOne({ machine_id: machineId, active_sessions: { $size: 0 } }, options),
  );
  return deletedCount === 1;
}

export async function addSession(
  { models, options, run }: Runner,
  machineId: string,
  sessionId: string,
  at: Date,
): Promise<void> {
  await run(() =>
    models.machines.updateOne(
      { machine_id: machineId, active_sessions: { $ne: sessionId } },
      { $push: { active_sessions: sessionId }, $set: { updated_at: at } },
      options,
    ),
  );
}

export async function removeSession(
  { models, options, run }: Runner,
  machineId: string,
  sessionId: string,
  at: Date,
): Promise<void> {
  await run(() =>
    models.machines.updateOne(
      { machine_id: machineId, active_sessions: sessionId },
      { $pull: { active_sessions: sessionId }, $set: { updated_at: at } },
      options,
    ),
  );
}
