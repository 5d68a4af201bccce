import { MachineId } from '@claude-projects/shared/contract';
import * as z from 'zod/mini';
import type { KeptState } from '../platform/kept-ids.ts';
import type { Random } from '../platform/random.ts';

export const MACHINE_ID_STATE = 'claudeProjects.machineId';

/** Names that many machines bear, so that they tell none apart. */
const NAMES_OF_ALL = new Set(['localhost', 'localhost.localdomain', 'unknown', '(none)']);

/** The setting, else the name of the host, else an id made once and kept. */
export async function machineIdOf(
  setting: string | undefined,
  hostname: string,
  state: KeptState,
  random: Pick<Random, 'uuid'>,
): Promise<string> {
  if (setting !== undefined) return setting;
  const name = hostname.trim();
  if (isMachineId(name) && !NAMES_OF_ALL.has(name.toLowerCase())) return name;
  const kept = state.get(MACHINE_ID_STATE);
  if (isMachineId(kept)) return kept;
  const made = random.uuid();
  await state.update(MACHINE_ID_STATE, made);
  return made;
}

function isMachineId(value: unknown): value is string {
  return z.safeParse(MachineId, value).success;
}
