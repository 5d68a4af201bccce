import type { MachineStatus } from '@claude-projects/shared/contract';
import type { MachineRecord } from '../../records.ts';
import type { Listing, Page } from '../../storage.ts';
import type { Stored } from '../documents/fields.ts';
import { toMachine } from '../documents/machine-document.ts';
import { upTo } from '../engine/limits.ts';
import { both, type Runner } from '../engine/runner.ts';

export async function listMachines(
  runner: Runner,
  { status }: { status?: MachineStatus | undefined },
  { limit, offset }: Page,
): Promise<Listing<MachineRecord>> {
  const { models, options, run } = runner;
  const query = { ...(status !== undefined && { status }) };
  const [found, total] = await both(
    runner,
    () =>
      upTo(limit, () =>
        run(() =>
          models.machines.find(query, null, options).sort({ machine_id: 1 }).skip(offset).limit(limit).lean<Stored[]>(),
        ),
      ),
    () => run(() => models.machines.countDocuments(query, options)),
  );
  return { records: found.map(toMachine), total };
}
