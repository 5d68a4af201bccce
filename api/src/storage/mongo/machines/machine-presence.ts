import type { MachineRecord } from '../../records.ts';
import { type Stored, text, time } from '../documents/fields.ts';
import { toMachineOrNull } from '../documents/machine-document.ts';
import type { Runner } from '../engine/runner.ts';

/**
 * Finds the machines first, then updates each one only if it is still as it was found. If one of its sessions is heard in
 * between, the next call turns the machine back.
 */
export async function markPresence(runner: Runner, heardSince: Date, at: Date): Promise<MachineRecord[]> {
  const { models, options, run } = runner;
  const find = (query: Readonly<Record<string, unknown>>) =>
    run(() =>
      models.machines.find(query, { machine_id: 1, updated_at: 1 }, options).sort({ machine_id: 1 }).lean<Stored[]>(),
    );
  const turn = async (query: Readonly<Record<string, unknown>>, status: MachineRecord['status']) =>
    toMachineOrNull(
      await run(() =>
        models.machines
          .findOneAndUpdate(query, { $set: { status, updated_at: at } }, { ...options, returnDocument: 'after' })
          .lean<Stored>(),
      ),
    );
  const heard = await sessionsHeard(runner, heardSince);
  const turned: (MachineRecord | null)[] = [];
  const silent = { status: 'online', last_heartbeat: { $lt: heardSince } };
  for (const machine of await find(silent)) {
    const machine_id = text(machine, 'machine_id');
    if (!heard.has(machine_id)) turned.push(await turn({ machine_id, ...silent }, 'offline'));
  }
  for (const machine of await find({ status: 'offline' })) {
    const machine_id = text(machine, 'machine_id');
    const heardAt = heard.get(machine_id);
    if (heardAt === undefined || heardAt <= time(machine, 'updated_at')) continue;
    turned.push(await turn({ machine_id, status: 'offline', updated_at: { $lt: heardAt } }, 'online'));
  }
  return turned.filter((machine) => machine !== null);
}

/** The last heartbeat of any session on each machine, in one index scan, whatever its status is now. */
async function sessionsHeard({ models, options, run }: Runner, heardSince: Date): Promise<Map<string, Date>> {
  const groups = await run(() =>
    models.sessions.collection
      .aggregate<Stored>(
        [
          { $match: { last_heartbeat: { $gte: heardSince } } },
          { $group: { _id: '$machine_id', heard_at: { $max: '$last_heartbeat' } } },
        ],
        { ...options, hint: 'last_heartbeat' },
      )
      .toArray(),
  );
  return new Map(groups.map((group) => [text(group, '_id'), time(group, 'heard_at')]));
}
