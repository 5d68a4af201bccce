import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { FunctionInstance } from '../../test/lambda/support/function-instance.ts';
import { fromReply, toEvent } from '../../test/lambda/support/gateway.ts';

export interface ColdStart {
  /** From the start of the process to its first reply. */
  readonly ms: number;
  /** What its main thread spent on a processor in that time; undefined where the system does not tell. */
  readonly processorMs: number | undefined;
}

export interface ColdFunction {
  readonly folder: string;
  readonly handler: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Starts an instance of the function under AWS's runtime client, asks it for its health, and ends it. */
export async function coldStart({ variables, ...where }: ColdFunction, preload: string): Promise<ColdStart> {
  const startedAt = performance.now();
  await using instance = await FunctionInstance.start({
    ...where,
    preload,
    variables: { API_KEYS: randomUUID(), ...variables },
  });
  const { status } = fromReply(await instance.invoke(toEvent({ method: 'GET', url: '/health' })));
  const ms = performance.now() - startedAt;
  if (status !== 200) throw new Error(`the first reply was ${status}`);
  return { ms, processorMs: mainThreadMs(instance.pid) };
}

/** Linux counts it in nanoseconds: other programs disturb it far less than they do the time that passes. */
function mainThreadMs(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}
