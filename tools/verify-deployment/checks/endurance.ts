import type { Check } from '../check.ts';
import { expect } from '../failures.ts';
import { describeLatency, isWithinLimit, latencyOf } from '../latency.ts';

const SESSIONS = 10;
const MINUTES = 2;
const PAUSE_MS = 10_000;
const LIMIT_MS = 1000;

export const bearsTenSessionsForMinutes: Check = {
  id: 'endurance',
  title: `${SESSIONS} sessions that beat at once for ${MINUTES} minutes meet no error`,
  criteria: ['AC-4.4.e'],
  leftOut: ({ settings }) => (settings.pulse === 'skip' ? 'left out on request' : undefined),
  async verify(run) {
    const { client, settings, wire } = run;
    const names = Array.from({ length: SESSIONS }, (_, index) => `endurance-${index}`);
    // All of them, whatever becomes of one: what is on its way when a check ends could not be removed.
    const created = await Promise.allSettled(names.map((name) => run.createSession(name)));
    const ids = created.map((session) => valueOf(session).session_id);
    const before = wire.exchanges.length;
    for (let left = MINUTES * 60_000; left > 0; left -= PAUSE_MS) {
      settings.onProgress(`${SESSIONS} sessions beat for ${left / 1000} s more`);
      await Promise.all(ids.map((id) => client.sendHeartbeat(id)));
      await run.sleep(PAUSE_MS);
    }
    const durations = wire.exchanges.slice(before).map(({ durationMs }) => durationMs);
    await Promise.all(ids.map((id) => client.updateSession(id, { status: 'completed' })));
    const latency = latencyOf('the heartbeats', durations, LIMIT_MS);
    expect(isWithinLimit(latency), describeLatency(latency));
    return describeLatency(latency);
  },
};

function valueOf<Value>(settled: PromiseSettledResult<Value>): Value {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}
