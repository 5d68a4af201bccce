import { ConflictError, NotFoundError } from '../../../shared/src/client/index.ts';
import type { Check } from '../check.ts';
import { failureOf } from '../failure-of.ts';
import { expect, expectEqual } from '../failures.ts';

/** Apart enough for two times with milliseconds to differ on any server. */
const APART_MS = 50;

export const sessionsLiveAndEnd: Check = {
  id: 'lifecycle',
  title: 'a session is created, read, listed, kept alive, completed, and is final then',
  criteria: ['AC-4.4.a', 'AC-2.1.a', 'AC-2.1.c', 'AC-2.1.f', 'AC-2.2.a'],
  async verify(run) {
    const { client } = run;
    const input = { metadata: { purpose: 'verification' } };
    const created = await run.createSession('lifecycle', input);
    const { session_id } = created;
    expectEqual('its status', created.status, 'active');

    const read = await client.getSession(session_id);
    expectEqual('its project when read', read.project_id, run.data.projectId);
    expectEqual('its machine when read', read.machine_id, run.data.machineName('lifecycle'));
    expectEqual('its metadata when read', read.metadata['purpose'], 'verification');
    const listed = await client.listSessions({ project_id: run.data.projectId, status: 'active' });
    expect(
      listed.sessions.some((session) => session.session_id === session_id),
      'the list does not have it',
    );

    await run.sleep(APART_MS);
    await client.sendHeartbeat(session_id, { current_task_id: 'task-123' });
    const beaten = await client.getSession(session_id);
    expect(beaten.last_heartbeat > read.last_heartbeat, 'its heartbeat was acknowledged and not kept');
    expectEqual('its current task', beaten.current_task_id, 'task-123');
    const health = await client.getSessionHealth(session_id);
    expect(health.is_healthy && !health.is_stalled, `its health is "${health.health}" right after a heartbeat`);

    await client.updateSession(session_id, { status: 'completed' });
    const ended = await client.getSession(session_id);
    expectEqual('its status at the end', ended.status, 'completed');
    expect(ended.completed_at !== null, 'it has no time of completion');
    const late = await failureOf(client.sendHeartbeat(session_id));
    expect(late instanceof ConflictError && late.code === 'SESSION_ENDED', 'a heartbeat after the end is not refused');
  },
};

export const createsAreSafeToRepeat: Check = {
  id: 'repeat',
  title: 'a repeated create makes no second session, a taken place is refused, a deleted session is gone',
  criteria: ['AC-2.1.g', 'AC-2.3 places'],
  async verify(run) {
    const { client } = run;
    const session_id = run.data.newSessionId();
    await run.createSession('repeat', { session_id });
    await run.createSession('repeat', { session_id });
    const second = await failureOf(run.createSession('repeat'));
    expect(
      second instanceof ConflictError && second.code === 'ACTIVE_SESSION_EXISTS',
      'a second active session of the same project and machine is not refused',
    );
    expectEqual('the session that the refusal names', second.conflictingSessionId, session_id);
    await client.deleteSession(session_id);
    expect((await failureOf(client.getSession(session_id))) instanceof NotFoundError, 'it is there after its deletion');
  },
};
