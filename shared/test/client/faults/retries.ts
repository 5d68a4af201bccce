import assert from 'node:assert/strict';
import type { LogFields } from '../../../src/client/index.ts';
import { type ClientModule, clientBench } from '../../support/client-suite.ts';
import { RecordingLogger } from '../../support/recording-logger.ts';
import { machine, SESSION_ID, session, sessionList, task } from '../../support/records.ts';
import { rejection } from '../../support/rejection.ts';
import { errorBody, hang, json, raw, refusal, resetBeforeReply, resetMidBody, trickle } from '../../support/steps.ts';

const place = { project_id: 'acme/shop', machine_id: 'workstation' };

export function describeRetries(load: () => ClientModule): void {
  describe('retries', () => {
    const bench = clientBench(load);

    it('outlasts 500s', async () => {
      bench.server.script(refusal('INTERNAL_ERROR'), refusal('INTERNAL_ERROR'), json(200, sessionList));
      assert.deepEqual(await bench.client().listSessions(), sessionList);
    });

    it('outlasts 502, 503 and 504, whoever words them', async () => {
      bench.server.script(raw(502, 'Bad Gateway'), refusal('DATABASE_UNAVAILABLE'), raw(504, ''), json(200, session));
      assert.deepEqual(await bench.client().getSession(SESSION_ID), session);
    });

    it('outlasts a gateway whose function died', async () => {
      bench.server.script(json(500, { message: 'Internal Server Error' }), json(200, session));
      assert.deepEqual(await bench.client().getSession(SESSION_ID), session);
    });

    it('outlasts resets before and in the middle of a reply', async () => {
      bench.server.script(resetBeforeReply, resetMidBody, json(200, sessionList));
      assert.deepEqual(await bench.client().listSessions(), sessionList);
    });

    it('gives each try its own timeout: hung and trickling replies are cut off', async () => {
      bench.server.script(hang, trickle, json(200, session));
      assert.deepEqual(await bench.client({ timeoutMs: 200 }).getSession(SESSION_ID), session);
    });

    it('gives up after the agreed number of tries', async () => {
      bench.server.script(...Array.from({ length: 3 }, () => refusal('INTERNAL_ERROR')));
      const error = await rejection(
        bench.client({ retries: 9 }).getHealth({ retries: { attempts: 2, baseDelayMs: 1 } }),
        bench.module.ApiError,
      );
      assert.equal(error.code, 'INTERNAL_ERROR');
      assert.equal(error.status, 500);
      assert.equal(error.requestId, errorBody(500, '').request_id);
    });

    it('tells what kept failing: the last failure', async () => {
      bench.server.script(hang, hang);
      const error = await rejection(
        bench.client({ timeoutMs: 150 }).getHealth({ retries: { attempts: 1, baseDelayMs: 1 } }),
        bench.module.TimeoutError,
      );
      assert.equal(error.code, 'TIMEOUT');
      assert.equal(error.requestId, bench.server.requests[0]?.headers['x-request-id']);
    });

    it('sends one request id on all tries, and another on the next call', async () => {
      bench.server.script(refusal('INTERNAL_ERROR'), json(200, session), json(200, session));
      await bench.client().getSession(SESSION_ID);
      await bench.client().getSession(SESSION_ID);
      const ids = bench.server.requests.map(({ headers }) => headers['x-request-id']);
      assert.match(String(ids[0]), /^[0-9a-f]{8}-[0-9a-f]{4}-4/);
      assert.equal(ids[0], ids[1]);
      assert.notEqual(ids[1], ids[2]);
    });

    it('sends the same body again', async () => {
      bench.server.script(resetBeforeReply, json(200, session));
      await bench.client().sendHeartbeat(SESSION_ID, { activity: 'working' });
      assert.deepEqual(
        bench.server.requests.map(({ body }) => body),
        ['{"activity":"working"}', '{"activity":"working"}'],
      );
      assert.equal(bench.server.requests[1]?.headers['content-type'], 'application/json');
    });

    for (const [fault, step] of Object.entries({
      'a 500': refusal('INTERNAL_ERROR'),
      'a 503': refusal('DATABASE_UNAVAILABLE'),
      'a reset': resetBeforeReply,
      'a reset in mid-body': resetMidBody,
    })) {
      it(`never repeats a create without a client-made id after ${fault}`, async () => {
        bench.server.script(step);
        await rejection(bench.client().createSession(place), bench.module.ApiError);
      });
    }

    it('never repeats a create without a client-made id after a timeout', async () => {
      bench.server.script(hang);
      await rejection(bench.client({ timeoutMs: 150 }).createSession(place), bench.module.TimeoutError);
    });

    it('repeats a create with one', async () => {
      bench.server.script(
        resetBeforeReply,
        json(200, session),
        resetMidBody,
        json(200, task),
        resetBeforeReply,
        json(201, machine),
      );
      const client = bench.client();
      assert.deepEqual(await client.createSession({ ...place, session_id: SESSION_ID }), session);
      await client.createTask({ task_id: task.task_id, session_id: SESSION_ID, project_id: 'p', task_name: 't' });
      await client.registerMachine({ machine_id: 'm', hostname: 'h', docker_slots: [] });
    });

    it('repeats even a create without one after a 429, for the server did nothing', async () => {
      bench.server.script(
        refusal('RATE_LIMITED', {}, { 'Retry-After': '0' }),
        raw(429, 'slow down'),
        json(201, session),
      );
      assert.deepEqual(await bench.client().createSession(place), session);
    });

    it('waits as many seconds as Retry-After says', async () => {
      bench.server.script(refusal('RATE_LIMITED', {}, { 'Retry-After': '1' }), json(200, session));
      await bench.client().getSession(SESSION_ID);
      const [first, second] = bench.server.requests;
      assert(first && second && second.at - first.at >= 1000, 'came back too early');
    });

    it('waits until the date Retry-After names', async () => {
      const date = new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000);
      let cameBackAt = 0;
      bench.server.script(
        refusal('DATABASE_UNAVAILABLE', {}, { 'Retry-After': date.toUTCString() }),
        (response, request) => {
          cameBackAt = Date.now();
          json(200, session)(response, request);
        },
      );
      await bench.client().getSession(SESSION_ID);
      assert(cameBackAt >= date.getTime(), 'came back too early');
    });

    it('does not wait longer than maxDelayMs, but hands the wait over', async () => {
      bench.server.script(
        refusal('RATE_LIMITED', {}, { 'Retry-After': '31' }),
        refusal('DATABASE_UNAVAILABLE', {}, { 'Retry-After': '3600' }),
      );
      const limited = await rejection(bench.client().getSession(SESSION_ID), bench.module.RateLimitedError);
      assert.equal(limited.retryAfterMs, 31_000);
      const unavailable = await rejection(bench.client().getReadiness(), bench.module.UnavailableError);
      assert.equal(unavailable.retryAfterMs, 3_600_000);
    });

    it('takes a deletion whose reply was lost for done when the record is gone', async () => {
      bench.server.script(resetBeforeReply, refusal('SESSION_NOT_FOUND'));
      assert.equal(await bench.client().deleteSession(SESSION_ID), undefined);
    });

    it('reports a deletion of what was not there', async () => {
      const { NotFoundError } = bench.module;
      bench.server.script(
        refusal('SESSION_NOT_FOUND'),
        refusal('RATE_LIMITED'), // refused, so that the first try can't have deleted it
        refusal('SESSION_NOT_FOUND'),
        resetBeforeReply,
        refusal('ROUTE_NOT_FOUND'),
      );
      const error = await rejection(bench.client().deleteSession(SESSION_ID), NotFoundError);
      assert.equal(error.code, 'SESSION_NOT_FOUND');
      await rejection(bench.client().deleteSession(SESSION_ID), NotFoundError);
      assert.equal((await rejection(bench.client().deleteSession(SESSION_ID), NotFoundError)).code, 'ROUTE_NOT_FOUND');
    });

    it('logs each failed try, and the failure', async () => {
      const logger = new RecordingLogger();
      bench.server.script(refusal('INTERNAL_ERROR'), refusal('SESSION_NOT_FOUND'));
      await rejection(bench.client({ logger }).getSession(SESSION_ID), bench.module.NotFoundError);
      const requestId = bench.server.requests[0]?.headers['x-request-id'];
      const common = { method: 'GET', path: `/api/sessions/${SESSION_ID}`, requestId };
      const [warning, failure, ...rest] = logger.lines;
      assert.deepEqual(rest, []);
      const delayMs = warning?.fields['delayMs'];
      assert.equal(typeof delayMs, 'number');
      assert.deepEqual(warning?.fields, { ...common, status: 500, code: 'INTERNAL_ERROR', try: 1, delayMs });
      assert.deepEqual([warning.level, failure?.level], ['warn', 'debug']);
      assert.deepEqual(failure?.fields, { ...common, status: 404, code: 'SESSION_NOT_FOUND', try: 2 });
    });

    it('traces each call once it is over, however often it was tried', async () => {
      const lines: [string, unknown][] = [];
      const logger = {
        debug() {},
        warn() {},
        trace: (message: string, { status, durationMs }: LogFields) => {
          assert.equal(typeof durationMs, 'number');
          lines.push([message, status]);
        },
      };
      const client = bench.client({ logger });
      bench.server.script(refusal('INTERNAL_ERROR'), json(200, session), refusal('SESSION_NOT_FOUND'));
      await client.getSession(SESSION_ID);
      await rejection(client.getSession(SESSION_ID), bench.module.NotFoundError);
      const call = `GET /api/sessions/${SESSION_ID}`;
      assert.deepEqual(lines, [
        [call, 200],
        [call, 404],
      ]);
    });

    it('survives a logger that throws', async () => {
      const broken = () => {
        throw new Error('disk full');
      };
      bench.server.script(refusal('INTERNAL_ERROR'), json(200, session));
      const logger = { debug: broken, warn: broken, trace: broken };
      await bench.client({ logger }).getSession(SESSION_ID);
    });
  });
}
