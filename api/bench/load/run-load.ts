import { join } from 'node:path';
import { OwnedProcess, scriptCommand } from '../processes/owned-process.ts';
import { type LoadPlan, LoadResult, type PacedPlan } from './load-plan.ts';

/** Runs the generator in its own process, so that measuring takes nothing from the server's thread or ours. */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  return runGenerator('generate.ts', plan);
}

export async function runPacedLoad(plan: PacedPlan): Promise<LoadResult> {
  return runGenerator('pace.ts', plan);
}

async function runGenerator(script: string, plan: LoadPlan | PacedPlan): Promise<LoadResult> {
  await using generator = new OwnedProcess(
    [...scriptCommand(join(import.meta.dirname, script)), JSON.stringify(plan)],
    {},
  );
  const output = await generator.untilDone();
  return LoadResult.parse(JSON.parse(output));
}
