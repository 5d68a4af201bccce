import { DEFAULTS } from '../../../shared/src/contract/index.ts';
import type { Check } from '../check.ts';
import { expect, expectEqual } from '../failures.ts';

const MINUTES = 5;
/** A heartbeat that has just been acknowledged cannot be older, however long its reply was on the way. */
const FRESH_MS = 30_000;

export const beatsForFiveMinutes: Check = {
  id: 'pulse',
  title: `a session beats every minute for ${MINUTES} minutes, is kept up to date, and never counts as stalled`,
  criteria: ['AC-4.4.b', 'AC-2.4.c'],
  leftOut: ({ settings }) => (settings.pulse === 'skip' ? 'left out on request' : undefined),
  async verify(run) {
    const { client, settings } = run;
    const { session_id } = await run.createSession('pulse');
    let lastHeartbeat = '';
    for (let beat = 0; beat <= MINUTES; beat++) {
      if (beat > 0) {
        settings.onProgress(`Heartbeat ${beat} of ${MINUTES} in a minute`);
        await run.sleep(DEFAULTS.heartbeatIntervalMs);
      }
      await client.sendHeartbeat(session_id);
      const health = await client.getSessionHealth(session_id);
      expectEqual(`its status after heartbeat ${beat}`, health.status, 'active');
      expect(health.last_heartbeat > lastHeartbeat, `heartbeat ${beat} was acknowledged and not kept`);
      expect(
        health.time_since_heartbeat_ms < FRESH_MS,
        `after heartbeat ${beat} its last is said to be ${health.time_since_heartbeat_ms} ms ago`,
      );
      lastHeartbeat = health.last_heartbeat;
    }
    const { stalled_sessions } = await client.listStalledSessions({ project_id: run.data.projectId });
    const listed = stalled_sessions.some((stalled) => stalled.session_id === session_id);
    expect(!listed, 'it is listed as stalled');
    await client.updateSession(session_id, { status: 'completed' });
  },
};
