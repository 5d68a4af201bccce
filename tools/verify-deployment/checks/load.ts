import { ROUTES } from '../../../shared/src/contract/index.ts';
import type { Check } from '../check.ts';
import { expect } from '../failures.ts';
import { describeLatency, isWithinLimit, latencyOf } from '../latency.ts';
import type { RunContext } from '../run-context.ts';
import type { Exchange } from '../wire.ts';
import { SessionGroup } from './session-group.ts';

const SESSIONS = 10;
const HEALTH_QUERIES = 10;
const LIMITS_MS = { load: 1000, heartbeat: 500, create: 1000, healthQuery: 1000 } as const;

export const bearsTenSessions: Check = {
  id: 'load',
  title: `${SESSIONS} sessions live at the same time without an error, and each heartbeat is kept`,
  criteria: ['AC-4.4.e'],
  async verify(run) {
    await wakeInstances(run);
    const before = run.wire.exchanges.length;
    const sessions = await SessionGroup.create(run, 'load', SESSIONS);
    const rounds = Math.ceil(run.settings.heartbeats / SESSIONS);
    for (let round = 0; round < rounds; round++) await sessions.beat();
    await sessions.complete();
    const all = latencyOf(
      'the load',
      durationsOf(run.wire.exchanges.slice(before), () => true),
      LIMITS_MS.load,
    );
    expect(isWithinLimit(all), describeLatency(all));
    return describeLatency(all);
  },
};

export const heartbeatsAreQuick: Check = {
  id: 'heartbeat-latency',
  title: 'heartbeats are quick',
  criteria: ['AC-2.2.d', 'AC-4.4 performance'],
  verify: async (run) =>
    judge(run, 'heartbeat', LIMITS_MS.heartbeat, ({ method, path }) => isRoute(ROUTES.sendHeartbeat, method, path)),
};

export const createsAreQuick: Check = {
  id: 'create-latency',
  title: 'sessions are created quickly',
  criteria: ['AC-4.4 performance'],
  verify: async (run) =>
    judge(run, 'session creation', LIMITS_MS.create, ({ method, path }) => isRoute(ROUTES.createSession, method, path)),
};

export const healthQueriesAreQuick: Check = {
  id: 'health-latency',
  title: 'the health of all sessions is counted, and quickly',
  criteria: ['AC-2.4.f', 'AC-4.4 performance', 'AC-4.4 health'],
  async verify(run) {
    for (let query = 0; query < HEALTH_QUERIES; query++) await run.client.summarizeSessionHealth();
    return judge(run, 'health query', LIMITS_MS.healthQuery, ({ method, path }) =>
      isRoute(ROUTES.summarizeSessionHealth, method, path),
    );
  },
};

/** A function that nobody called for a while starts anew for each of the first callers. That is no latency to judge. */
async function wakeInstances(run: RunContext): Promise<void> {
  await Promise.allSettled(Array.from({ length: SESSIONS }, () => run.client.getReadiness()));
}

function judge(run: RunContext, of: string, limitMs: number, wanted: (exchange: Exchange) => boolean): string {
  const latency = latencyOf(of, durationsOf(run.wire.exchanges, wanted), limitMs);
  expect(latency.samples > 0, `there was no ${of} that succeeded`);
  run.latencies.push(latency);
  expect(isWithinLimit(latency), describeLatency(latency));
  return describeLatency(latency);
}

/** A refusal is quick and says nothing of how long the work takes. */
function durationsOf(exchanges: readonly Exchange[], wanted: (exchange: Exchange) => boolean): number[] {
  return exchanges.filter((each) => each.status < 300 && wanted(each)).map(({ durationMs }) => durationMs);
}

/** The path may follow one of the URL's own. */
function isRoute(route: { method: string; path: string }, method: string, path: string): boolean {
  if (route.method !== method) return false;
  const segments = route.path.split('/').slice(1);
  const actual = path.split('/').slice(-segments.length);
  return segments.every((segment, index) => segment.startsWith(':') || segment === actual[index]);
}
