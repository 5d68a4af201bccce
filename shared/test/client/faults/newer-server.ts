import assert from 'node:assert/strict';
import { STATUS_CODES } from 'node:http';
import { type ClientModule, clientBench } from '../../support/client-suite.ts';
import { RecordingLogger } from '../../support/recording-logger.ts';
import { machine, SESSION_ID, session, sessionList, task } from '../../support/records.ts';
import { rejection } from '../../support/rejection.ts';
import { errorBody, json } from '../../support/steps.ts';

/** Tomorrow's API answers today's client. */
export function describeNewerServer(load: () => ClientModule): void {
  describe('a newer server', () => {
    const bench = clientBench(load);
    const other = { ...session, session_id: 'b0b0b0b0-1c2b-4a5d-9e8f-7a6b5c4d3e2f' };

    it('may add fields, also within fields', async () => {
      bench.server.script(
        json(200, { ...sessionList, sessions: [{ ...session, mood: { now: 'good' } }], cursor: 'x' }),
      );
      assert.deepEqual(await bench.client().listSessions(), sessionList);
    });

    it('may add values to every enum: they are read as unknown', async () => {
      bench.server.script(
        json(200, { ...session, status: 'hibernating', health: 'dreaming', activity: 'reviewing' }),
        json(200, { ...task, status: 'skipped' }),
        json(200, { ...machine, status: 'draining' }),
        json(200, { ...HEALTH, status: 'degraded' }),
      );
      const client = bench.client();
      const { status, health, activity } = await client.getSession(SESSION_ID);
      assert.deepEqual([status, health, activity], ['unknown', 'unknown', 'unknown']);
      assert.equal((await client.getTask(task.task_id)).status, 'unknown');
      assert.equal((await client.getMachine('workstation')).status, 'unknown');
      assert.equal((await client.getHealth()).status, 'unknown');
    });

    it('may add values deep within a reply', async () => {
      const tasks = { failed_tasks: [], in_progress_tasks: [{ ...task, status: 'paused' }], blocked_tasks: [] };
      bench.server.script(json(200, { ...RECOVERY_STATE, ...tasks, status: 'lost', last_successful_task: task }));
      const state = await bench.client().getRecoveryState(SESSION_ID);
      assert.equal(state.status, 'unknown');
      assert.deepEqual(state.in_progress_tasks, [{ ...task, status: 'unknown' }]);
      assert.deepEqual(state.last_successful_task, task);
    });

    it('is still told from another service by what identifies it', async () => {
      bench.server.script(json(200, { ...HEALTH, service: 'weather' }));
      await rejection(bench.client().getHealth(), bench.module.ContractError);
    });

    it('may list a record that cannot be read: the others are there, and the log names the fault once', async () => {
      const changed = { ...other, project_id: { owner: 'acme', name: 'shop' } };
      const list = { ...sessionList, sessions: [changed, session, { kind: 'group' }], total: 3 };
      bench.server.script(json(200, list), json(200, list, { ETag: 'W/"7"' }));
      const logger = new RecordingLogger();
      const client = bench.client({ logger });
      assert.deepEqual(await client.listSessions(), { ...sessionList, total: 3 });
      const reply = await client.listSessions({}, { etag: null });
      assert(!reply.notModified);
      assert.equal(reply.unreadable, 2);
      assert.deepEqual(reply.data.sessions, [session]);
      assert.deepEqual(
        logger.lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields),
        [{ path: '/api/sessions', records: 2, field: 'sessions.0.project_id' }],
      );
    });

    it('cannot take numbers out of a list by sending something else', async () => {
      bench.server.script(json(200, { ...machine, docker_slots: [1, { slot: 2 }] }));
      const error = await rejection(bench.client().getMachine('workstation'), bench.module.ContractError);
      assert.deepEqual(
        error.details.map(({ field }) => field),
        ['docker_slots.1'],
      );
    });

    const classes = {
      400: 'ApiError',
      401: 'AuthenticationError',
      403: 'ApiError',
      404: 'NotFoundError',
      409: 'ConflictError',
      410: 'ApiError',
      429: 'RateLimitedError',
      501: 'ApiError',
      503: 'UnavailableError',
    };
    for (const [status, name] of Object.entries(classes)) {
      it(`may refuse with another code and ${status} ${STATUS_CODES[status]}: ${name}`, async () => {
        const body = {
          ...errorBody(Number(status), 'QUOTA_SPENT'),
          details: [{ field: 'a', message: 'b' }, { at: 7 }],
        };
        bench.server.script(json(Number(status), { ...body, retry_policy: { kind: 'never' } }));
        const error = await rejection(bench.client({ retries: 0 }).getStats(), bench.module.ApiError);
        assert.deepEqual(
          [error.name, error.status, error.code, error.serverCode],
          [name, Number(status), 'UNRECOGNIZED_ERROR', 'QUOTA_SPENT'],
        );
        assert.deepEqual(error.details, [{ field: 'a', message: 'b' }]);
      });
    }
  });
}

const HEALTH = {
  status: 'ok',
  service: 'claude-projects',
  version: '9.0.0',
  timestamp: session.created_at,
  uptime: 1,
};

const RECOVERY_STATE = {
  session_id: SESSION_ID,
  project_id: session.project_id,
  recoverable: true,
  recovered_by: null,
  recovery_attempts: 0,
  max_recovery_attempts: 3,
  recovery_prepared_at: null,
  pending_tasks: [],
  last_heartbeat: session.last_heartbeat,
  metadata: {},
};
