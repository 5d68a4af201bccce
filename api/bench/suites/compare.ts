import type { Call, LoadResult } from '../load/load-plan.ts';
import { runLoad } from '../load/run-load.ts';
import { processorMs } from '../processes/resources.ts';
import type { Server } from '../processes/server.ts';
import { median } from './statistics.ts';
import { CONNECTIONS, number, type SuiteOptions } from './suite.ts';

export interface Contender {
  name: string;
  server: Server;
  calls: readonly Call[];
}

/** What the generator saw, and what the server spent on it: other programs disturb the second far less. */
export interface Round extends LoadResult {
  /** Processor time of the server in microseconds. */
  cpuPerRequest: number;
}

export interface Comparison {
  name: string;
  rounds: Round[];
}

/**
 * Loads one after the other, round after round, so that whatever else the machine does meets all of them alike.
 * The first round warms up and is not counted.
 */
export async function compare(
  contenders: readonly Contender[],
  { seconds, rounds, progress }: SuiteOptions,
): Promise<Comparison[]> {
  const measured = contenders.map(({ name }) => ({ name, rounds: new Array<Round>() }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, { name, server, calls }] of contenders.entries()) {
      const spentBefore = processorMs(server.pid);
      const result = await runLoad({
        url: server.url,
        key: server.key,
        connections: CONNECTIONS,
        seconds: round === 0 ? Math.min(2, seconds) : seconds,
        calls: [...calls],
      });
      if (result.failures > 0) throw new Error(`${name}: ${result.failures} requests failed`);
      const spent = (processorMs(server.pid) ?? Number.NaN) - (spentBefore ?? Number.NaN);
      const cpuPerRequest = (spent * 1000) / result.requests;
      if (round > 0) measured[index]?.rounds.push({ ...result, cpuPerRequest });
      progress(
        `${name}: ${number(result.requestsPerSecond)} req/s, p95 ${number(result.p95, 2)} ms, ${number(cpuPerRequest, 1)} µs of CPU each`,
      );
    }
  }
  return measured;
}

type Figure = Exclude<keyof Round, 'failures' | 'requests'>;

export function middle({ rounds }: Comparison, figure: Figure): number {
  return median(rounds.map((round) => round[figure]));
}

/** The median of what each round gave: two that were loaded one right after the other are compared. */
export function ratio(one: Comparison, other: Comparison, figure: Figure): number {
  return median(one.rounds.map((round, index) => round[figure] / (other.rounds[index]?.[figure] ?? Number.NaN)));
}

export function find(comparisons: readonly Comparison[], name: string): Comparison {
  const found = comparisons.find((comparison) => comparison.name === name);
  if (!found) throw new Error(`${name} was not measured`);
  return found;
}

export const COMPARISON_COLUMNS = ['', 'req/s', 'p50 ms', 'p95 ms', 'p99 ms', 'CPU µs/req', 'generator busy'];

export function comparisonRow(comparison: Comparison): string[] {
  return [
    comparison.name,
    number(middle(comparison, 'requestsPerSecond')),
    number(middle(comparison, 'p50'), 2),
    number(middle(comparison, 'p95'), 2),
    number(middle(comparison, 'p99'), 2),
    number(middle(comparison, 'cpuPerRequest'), 1),
    `${number(middle(comparison, 'generatorBusy') * 100)} %`,
  ];
}
