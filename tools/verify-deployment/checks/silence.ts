import type { Session } from '../../../shared/src/client/index.ts';
import type { Check } from '../check.ts';
import { expect, expectEqual } from '../failures.ts';
import type { RunContext } from '../run-context.ts';
import { describeDuration } from '../time.ts';

/** Two minutes between two looks of the job that finds silent sessions, and half a minute for it to start. */
const PATIENCE_MS = 150_000;
const POLL_MS = 5_000;

/** A session that beats twice at the beginning of the run, falls silent, and is to be found by its end. */
export function silence(): { readonly begins: Check; readonly isNoticed: Check } {
  let silent: Session | undefined;

  const leftOut = ({ settings }: RunContext) => (settings.stall === 'skip' ? 'left out on request' : undefined);

  const begins: Check = {
    id: 'silence',
    title: 'a session beats twice and falls silent',
    criteria: ['AC-4.4.c'],
    leftOut,
    async verify(run) {
      const { session_id } = await run.createSession('silent');
      await run.client.sendHeartbeat(session_id);
      silent = await run.client.sendHeartbeat(session_id);
    },
  };

  const isNoticed: Check = {
    id: 'stall',
    title: 'the silent session is found stalled, in time, and can be recovered',
    criteria: ['AC-4.4.c', 'AC-2.4.b', 'AC-3.2'],
    leftOut,
    async verify(run) {
      expect(silent !== undefined, 'there is no silent session to find');
      const { session_id } = silent;
      const thresholdMs = await untilOverdue(run, session_id);
      if (run.settings.stall === 'request') await run.client.detectFailures();
      const found = await untilStalled(run, session_id, thresholdMs);

      const { stalled_sessions } = await run.client.listStalledSessions({ project_id: run.data.projectId });
      expect(
        stalled_sessions.some((stalled) => stalled.session_id === session_id),
        'the list of stalled sessions does not have it',
      );
      const recovered = await run.client.recoverSession(session_id, {
        new_machine_id: run.data.machineName('silent-recovered'),
      });
      run.data.noteSession(recovered.session_id);
      expectEqual('the status of the session that continues it', recovered.status, 'active');
      await run.client.updateSession(recovered.session_id, { status: 'completed' });
      const how = run.settings.stall === 'request' ? 'when asked to look: its schedule is NOT verified' : 'by itself';
      return `found ${describeDuration(found)} after the last heartbeat, ${how}`;
    },
  };

  return { begins, isNoticed };
}

/** Waits until the session has been silent for longer than the service allows, and says how long that is. */
async function untilOverdue(run: RunContext, sessionId: string): Promise<number> {
  for (;;) {
    const health = await run.client.getSessionHealth(sessionId);
    const leftMs = health.stall_threshold_ms - health.time_since_heartbeat_ms;
    if (leftMs < 0) {
      expect(
        health.is_stalled,
        `after ${health.time_since_heartbeat_ms} ms of silence its health is "${health.health}"`,
      );
      return health.stall_threshold_ms;
    }
    expect(health.status === 'active', `it is "${health.status}" before the threshold has passed`);
    run.settings.onProgress(`Silent until the threshold has passed, for ${describeDuration(leftMs)}`);
    await run.sleep(leftMs + 1);
  }
}

/** How long its silence had lasted when the service noticed. */
async function untilStalled(run: RunContext, sessionId: string, thresholdMs: number): Promise<number> {
  const limitMs = thresholdMs + PATIENCE_MS;
  for (;;) {
    const { status, stalled_at, last_heartbeat } = await run.client.getSession(sessionId);
    if (status === 'stalled') {
      expect(stalled_at !== null, 'it is stalled and does not say since when');
      const noticedMs = Date.parse(stalled_at) - Date.parse(last_heartbeat);
      expect(noticedMs >= thresholdMs, `found after ${describeDuration(noticedMs)}, before the threshold had passed`);
      expect(noticedMs <= limitMs, `found only ${describeDuration(noticedMs)} after its last heartbeat`);
      return noticedMs;
    }
    expectEqual('its status', status, 'active');
    const { time_since_heartbeat_ms } = await run.client.getSessionHealth(sessionId);
    expect(
      time_since_heartbeat_ms <= limitMs,
      `nobody has noticed after ${describeDuration(time_since_heartbeat_ms)}: does the job detect-failures run?`,
    );
    const leftMs = limitMs - time_since_heartbeat_ms;
    run.settings.onProgress(`Waiting for the service to notice the silence, for at most ${describeDuration(leftMs)}`);
    await run.sleep(Math.min(POLL_MS, leftMs + 1));
  }
}
