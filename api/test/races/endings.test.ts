import assert from 'node:assert/strict';
import type { CleanupReport, ErrorReply, Session, Task } from '@claude-projects/shared/contract';
import { DAY } from '../support/fake-clock.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';
import { inRounds, race, times } from './support/rounds.ts';

describe('races against an end', function () {
  this.timeout(120_000);
  let api: TestApi;
  let scenario: Scenario;
  before(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  after(() => api.close());

  const call = <Body>(method: string, path: string, body?: unknown) => api.call<Body & ErrorReply>(method, path, body);

  it('never revives a session that was marked failed by a heartbeat that came with it', () =>
    inRounds(async (round) => {
      const session = await scenario.session();
      const path = `/api/sessions/${session.session_id}`;
      const beat = () =>
        call<Session>('POST', `${path}/heartbeat`, round % 2 === 0 ? { metadata: { round } } : undefined);
      const fail = () => call<Session>('POST', `${path}/mark-failed`, { error_message: 'it crashed' });

      const [failure, ...beats] = await race(round, [fail, ...times(5, () => beat)]);

      assert.equal(failure?.status, 200);
      for (const { status, body } of beats) {
        if (status === 200) assert.equal(body.status, 'active', 'it was heard before the end');
        else assert.deepEqual([status, body.code], [409, 'SESSION_ENDED']);
      }
      const after = await scenario.readSession(session.session_id);
      assert.equal(after.status, 'failed');
      assert.equal(after.error_message, 'it crashed');
      assert.equal((await beat()).status, 409);
    }));

  it('leaves no task behind that was created while its session was deleted', () =>
    inRounds(async (round) => {
      const { session_id, project_id } = await scenario.session();
      const add = () => call<Task>('POST', '/api/tasks', { session_id, project_id, task_name: 'a task' });
      // Odd rounds delete one round trip later, so that some of the tasks are there before.
      const remove = async () => {
        if (round % 2 === 1) await scenario.readSession(session_id);
        return call<Task>('DELETE', `/api/sessions/${session_id}`);
      };

      const [removal, ...additions] = await race(round, [remove, ...times(5, () => add)]);

      assert.equal(removal?.status, 204);
      for (const { status, body } of additions) {
        if (status !== 201) assert.deepEqual([status, body.code], [400, 'UNKNOWN_SESSION']);
        else assert.equal((await call('GET', `/api/tasks/${body.task_id}`)).status, 404);
      }
      assert.deepEqual(await api.storage.tasks.listOfSession(session_id), []);
    }));

  it('keeps what was archived: a cleanup beside it comes before, and then there is nothing to archive', async () => {
    const cleanUp = () => call<CleanupReport & Session>('POST', '/api/sessions/cleanup');
    api.clock.advance(31 * DAY);
    await cleanUp();
    await inRounds(async (round) => {
      // Several, because a cleanup lists before it deletes: between the two an archive must count.
      const ended = await Promise.all(
        times(6, async () => {
          const session = await scenario.session();
          const task = await scenario.task(session);
          await scenario.failed(session);
          return { path: `/api/sessions/${session.session_id}`, taskPath: `/api/tasks/${task.task_id}` };
        }),
      );
      api.clock.advance(31 * DAY);
      const archives = ended.map(
        ({ path }) =>
          () =>
            call<CleanupReport & Session>('POST', `${path}/archive`),
      );

      const [cleaned, ...archived] = await race(round, [cleanUp, ...archives]);

      assert.equal(cleaned?.status, 200);
      const kept = archived.filter(({ status }) => status === 200).length;
      assert.deepEqual([cleaned.body.deleted_sessions, cleaned.body.deleted_tasks], [6 - kept, 6 - kept]);
      // Nor does the next one take what was archived.
      assert.equal((await cleanUp()).body.deleted_sessions, 0);
      for (const [index, { path, taskPath }] of ended.entries()) {
        const reply = archived[index];
        assert.ok(reply);
        if (reply.status !== 200) assert.deepEqual([reply.status, reply.body.code], [404, 'SESSION_NOT_FOUND']);
        assert.equal((await call('GET', path)).status, reply.status);
        assert.equal((await call('GET', taskPath)).status, reply.status);
      }
    });
  });
});
