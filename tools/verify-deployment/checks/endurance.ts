import type { Check } from '../check.ts';
import { expect } from '../failures.ts';
import { describeLatency, isWithinLimit, latencyOf } from '../latency.ts';
import { SessionGroup } from './session-group.ts';

const SESSIONS = 10;
const MINUTES = 2;
const PAUSE_MS = 10_000;
const LIMIT_MS = 1000;

export const bearsTenSessionsForMinutes: Check = {
  id: 'endurance',
  title: `${SESSIONS} sessions that beat at once for ${MINUTES} minutes meet no error, and each heartbeat is kept`,
  criteria: ['AC-4.4.e'],
  leftOut: ({ settings }) => (settings.pulse === 'skip' ? 'left out on request' : undefined),
  async verify(run) {
    const { settings, wire } = run;
    const sessions = await SessionGroup.create(run, 'endurance', SESSIONS);
    const before = wire.exchanges.length;
    for (let left = MINUTES * 60_000; left > 0; left -= PAUSE_MS) {
      settings.onProgress(`${SESSIONS} sessions beat for ${left / 1000} s more`);
      await sessions.beat();
      await run.sleep(PAUSE_MS);
    }
    const beats = wire.exchanges.slice(before).filter(({ path }) => path.endsWith('/heartbeat'));
    await sessions.complete();
    const durations = beats.map(({ durationMs }) => durationMs);
    const latency = latencyOf('the heartbeats', durations, LIMIT_MS);
    expect(isWithinLimit(latency), describeLatency(latency));
    return describeLatency(latency);
  },
};
