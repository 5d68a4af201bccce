import type { MachineRecord } from '../../records.ts';
import type { Stored } from '../documents/fields.ts';
import { toMachineOrNull } from '../documents/machine-document.ts';
import { metadataToStore } from '../documents/metadata-to-store.ts';
import { assignAll, literal, mergeInto } from '../documents/update-stage.ts';
import { isDuplicateKey, markTransient } from '../engine/mongo-errors.ts';
import type { Runner } from '../engine/runner.ts';
import { CHANGED, insertDocument } from '../engine/writes.ts';

/**
 * Of several that find nothing to update one inserts; the others are refused and find that one's at their next
 * try. No upsert: compatible engines disagree on what it answers to those others.
 */
export async function registerMachine(
  runner: Runner,
  record: MachineRecord,
): Promise<{ created: boolean; record: MachineRecord }> {
  for (;;) {
    const updated = await updateRegistered(runner, record);
    if (updated) return { created: false, record: updated };
    if (await insertedMachine(runner, record)) return { created: true, record };
  }
}

async function updateRegistered(
  { models, options, run }: Runner,
  { created_at: _kept, machine_id, metadata, status, ...given }: MachineRecord,
): Promise<MachineRecord | null> {
  const assignments = {
    ...assignAll(given),
    status: { $cond: [{ $eq: ['$status', 'maintenance'] }, '$status', literal(status)] },
    ...mergeInto(metadata),
  };
  return toMachineOrNull(
    await run(() =>
      models.machines
        .findOneAndUpdate({ machine_id }, [{ $set: assignments }], { ...options, ...CHANGED })
        .lean<Stored>(),
    ),
  );
}

async function insertedMachine(runner: Runner, record: MachineRecord): Promise<boolean> {
  try {
    await insertDocument(runner, runner.models.machines, { ...record, metadata: metadataToStore(record.metadata) });
    return true;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    if (!runner.options.session) return false;
    // The refusal has ended the transaction, so the next try is one of the whole of it.
    markTransient(error);
    throw error;
  }
}
