import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Stats, type Stats as StatsReply } from '@claude-projects/shared/contract';
import { JobsService } from '../../src/jobs/jobs.service.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { StorageUnavailableError } from '../../src/storage/storage-errors.ts';
import { DAY, FakeClock, HOUR, MINUTE, SECOND } from '../support/fake-clock.ts';
import { overriding } from '../support/overriding.ts';
import { fieldsOf, refused } from '../support/refused.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi, type TestParts } from '../support/test-api.ts';
import { openTestStorage } from '../support/test-storage.ts';

async function statsOf(api: TestApi, query = ''): Promise<StatsReply> {
  const { status, body } = await api.call<StatsReply>('GET', `/api/stats${query}`);
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(Stats.parse(body), body, 'the reply is as the contract says');
  return body;
}

const sweep = (api: TestApi) => api.call('POST', '/api/sessions/detect-failures');

describe('3.6 the success measures', () => {
  let api: TestApi;
  let scenario: Scenario;
  async function start(parts: TestParts = {}): Promise<void> {
    api = await startTestApi({}, parts);
    scenario = new Scenario(api);
  }
  beforeEach(() => start());
  afterEach(() => api.close());

  /** Ends the period here: it does not include its own end. */
  async function stats(query = ''): Promise<StatsReply> {
    api.clock.advance(1);
    return statsOf(api, query);
  }

  it('are null where nothing happened, for the last 30 days unless asked otherwise', async () => {
    const nothing = { p50_ms: null, p95_ms: null };
    const reply = await statsOf(api);
    const now = api.clock.now();
    assert.deepEqual(reply, {
      since: new Date(now.getTime() - 30 * DAY).toISOString(),
      until: now.toISOString(),
      recovery: { failed_or_stalled: 0, recovered: 0, rate: null },
      detection: { stalls: 0, time_to_detect: nothing },
      false_positives: { stalls: 0, returned_by_themselves: 0, rate: null },
      heartbeats: { received: 0, refused: 0, success_rate: null },
      sessions: { started: 0, completed: 0, failed: 0, completion_rate: null, duration: nothing },
      tasks: { created: 0, completed: 0, failed: 0, completion_rate: null },
      failure_reasons: [],
      consistency: { checked_at: null, findings: [] },
    });
  });

  it('success metric: the recovery rate is that of the failed and the stalled', async () => {
    const [crashed, silent] = [await scenario.session(), await scenario.session()];
    await scenario.failed(crashed);
    await scenario.recovered(crashed);
    await scenario.failed(await scenario.session());
    await scenario.update(silent, { status: 'stalled' });
    await scenario.recovered(silent);
    await scenario.sessionIn('stalled');
    await scenario.sessionIn('completed');
    assert.deepEqual((await stats()).recovery, { failed_or_stalled: 4, recovered: 2, rate: 0.5 });
  });

  it('success metric: 18 of 20 dead sessions recovered is a rate of 90 %', async () => {
    for (let index = 0; index < 20; index++) {
      const dead = await scenario.failed(await scenario.session());
      if (index < 18) await scenario.recovered(dead);
    }
    assert.deepEqual((await stats()).recovery, { failed_or_stalled: 20, recovered: 18, rate: 0.9 });
  });

  it('success metric: with the scan every two minutes a silent session is found within five', async () => {
    for (let index = 0; index < 12; index++) {
      await scenario.session();
      api.clock.advance(7 * SECOND);
    }
    for (let turn = 0; turn < 4; turn++) {
      api.clock.advance(2 * MINUTE);
      await api.app.get(JobsService).run('detect-failures');
    }
    const { detection } = await stats();
    assert.equal(detection.stalls, 12);
    const { p50_ms, p95_ms } = detection.time_to_detect;
    assert(p50_ms !== null && p95_ms !== null);
    assert(p50_ms > 3 * MINUTE && p50_ms <= p95_ms, `${p50_ms}`);
    assert(p95_ms < 5 * MINUTE, `${p95_ms}`);
  });

  it('success metric: a stall that its session ends is a false positive, one that is recovered is none', async () => {
    const back = await scenario.session();
    const recovered = await scenario.session();
    await scenario.session();
    api.clock.advance(4 * MINUTE);
    await sweep(api);
    api.clock.advance(MINUTE);
    await scenario.heartbeat(back);
    await scenario.heartbeat(back);
    await scenario.recovered(recovered);
    await scenario.update(await scenario.sessionIn('stalled'), { status: 'active' });
    const { false_positives, detection, recovery } = await stats();
    assert.deepEqual(false_positives, { stalls: 4, returned_by_themselves: 2, rate: 0.5 });
    assert.equal(detection.stalls, 4, 'those marked by hand are found too');
    assert.deepEqual(recovery, { failed_or_stalled: 2, recovered: 1, rate: 0.5 });
  });

  it('a stall that is told twice, by hand or by the scan, is one', async () => {
    const session = await scenario.session();
    api.clock.advance(4 * MINUTE);
    await Promise.all([sweep(api), sweep(api)]);
    const path = `/api/sessions/${session.session_id}/mark-stalled`;
    assert.equal((await api.call('POST', path)).status, 200);
    const { detection } = await stats();
    assert.deepEqual(detection, { stalls: 1, time_to_detect: { p50_ms: 4 * MINUTE, p95_ms: 4 * MINUTE } });
  });

  it('sessions: how many, how they ended, how long they took, and why they failed', async () => {
    for (const [minutes, status] of [
      [1, 'completed'],
      [3, 'completed'],
      [9, 'completed'],
      [5, 'failed'],
    ] as const) {
      const session = await scenario.session();
      api.clock.advance(minutes * MINUTE);
      await scenario.update(session, { status });
    }
    await scenario.failed(await scenario.session(), 'out of memory');
    await scenario.recovered(await scenario.failed(await scenario.session(), 'out of memory'));
    const { sessions, failure_reasons } = await stats();
    assert.deepEqual(sessions, {
      started: 7,
      completed: 3,
      failed: 2,
      completion_rate: 0.6,
      duration: { p50_ms: 3 * MINUTE, p95_ms: 9 * MINUTE },
    });
    assert.deepEqual(failure_reasons, [
      { reason: 'out of memory', count: 2 },
      { reason: 'no reason given', count: 1 },
    ]);
  });

  it('an end that is dated before its start took no time', async () => {
    const session = await scenario.session();
    const occurred_at = new Date(api.clock.now().getTime() - HOUR).toISOString();
    await scenario.update(session, { status: 'completed', occurred_at });
    assert.deepEqual((await stats()).sessions.duration, { p50_ms: 0, p95_ms: 0 });
  });

  it('tasks: how many, and the share of those that ended well', async () => {
    const session = await scenario.session();
    for (const status of ['completed', 'completed', 'completed', 'failed', 'pending', 'blocked'] as const) {
      await scenario.taskIn(session, status);
    }
    assert.deepEqual((await stats()).tasks, { created: 6, completed: 3, failed: 1, completion_rate: 0.75 });
  });

  it('are of the period asked for, in any time zone, its end not included', async () => {
    const first = api.clock.now();
    await scenario.session();
    api.clock.advance(DAY);
    const second = api.clock.now();
    await scenario.session();
    api.clock.advance(40 * DAY);
    const started = async (query: string) => (await statsOf(api, query)).sessions.started;
    assert.equal(await started(''), 0);
    assert.equal(await started(`?since=${first.toISOString()}`), 2);
    assert.equal(await started(`?since=${first.toISOString()}&until=${second.toISOString()}`), 1);
    assert.equal(await started(`?until=${new Date(second.getTime() + 1).toISOString()}`), 2);
    const elsewhere = new Date(second.getTime() + 2 * HOUR).toISOString().replace('Z', '%2B02:00');
    assert.equal(await started(`?since=${elsewhere}`), 1);
    const reply = await statsOf(api, `?since=${elsewhere}`);
    assert.equal(reply.since, second.toISOString());
  });

  it('refuse a period that is none, and name the field', async () => {
    const now = api.clock.now().toISOString();
    const later = new Date(api.clock.now().getTime() + 1).toISOString();
    for (const [query, field] of [
      [`since=${now}&until=${now}`, 'since'],
      [`since=${later}&until=${now}`, 'since'],
      [`since=${later}`, 'since'],
      ['until=1970-01-01T00:00:00Z', 'since'],
      ['since=yesterday', 'since'],
      ['until=2026-02-30T00:00:00Z', 'until'],
      ['until=9999-12-31T23:59:59-23:59', 'until'],
      ['since=0000-01-01T00:00:00%2B23:59', 'since'],
      ['from=2026-01-01T00:00:00Z', 'from'],
    ] as const) {
      const error = await refused(api, 'VALIDATION_FAILED', 'GET', `/api/stats?${query}`);
      assert.deepEqual(fieldsOf(error), [field], query);
    }
  });

  it('ask for a key', async () => {
    await refused(api, 'API_KEY_REQUIRED', 'GET', '/api/stats', undefined, { withoutKey: true });
  });
});

describe('3.6 the heartbeats of the success measures', () => {
  /** What the storage was asked for by name while the test ran. */
  function recording(calls: string[], failing: { now: boolean }) {
    const fail = () => Promise.reject(new StorageUnavailableError('gone'));
    return (storage: Storage) =>
      overriding(storage, {
        sessions: overriding(storage.sessions, {
          get: (...args) => (calls.push('sessions.get'), storage.sessions.get(...args)),
          heartbeat: (...args) => {
            calls.push('sessions.heartbeat');
            return failing.now ? fail() : storage.sessions.heartbeat(...args);
          },
        }),
        history: overriding(storage.history, {
          recordReturn: (...args) => {
            calls.push('history.recordReturn');
            return failing.now ? fail() : storage.history.recordReturn(...args);
          },
          countHeartbeats: (...args) => (
            calls.push('history.countHeartbeats'), storage.history.countHeartbeats(...args)
          ),
        }),
        transaction: (work) => (calls.push('transaction'), storage.transaction(work)),
      });
  }

  it('success metric: are counted without a second storage operation, and kept when the API closes', async () => {
    const opened = await openTestStorage();
    const clock = new FakeClock();
    const calls: string[] = [];
    const failing = { now: false };
    const borrowed = overriding(opened.storage, { close: async () => void calls.push('closed') });
    const api = await startTestApi({}, { sharedStorage: borrowed, clock, decorate: recording(calls, failing) });
    const later = await startTestApi({}, { sharedStorage: opened.storage, clock });
    try {
      const scenario = new Scenario(api);
      const session = await scenario.session();
      const ended = await scenario.sessionIn('completed');
      calls.length = 0;
      for (let beat = 0; beat < 97; beat++) await scenario.heartbeat(session);
      assert.deepEqual(new Set(calls), new Set(['sessions.heartbeat']));
      assert.equal(calls.length, 97);
      const beat = async (id: string, body?: object) =>
        (await api.call('POST', `/api/sessions/${id}/heartbeat`, body)).status;
      assert.equal(await beat(ended.session_id), 409);
      assert.equal(await beat(randomUUID()), 404);
      assert.equal(await beat(session.session_id, { unknown: 1 }), 400);
      failing.now = true;
      assert.equal(await beat(session.session_id), 503);
      failing.now = false;
      assert.equal(calls.includes('history.countHeartbeats'), false);
      await api.close();
      assert(calls.indexOf('history.countHeartbeats') > 0);
      clock.advance(1);
      const { heartbeats } = await statsOf(later);
      assert.deepEqual(heartbeats, { received: 97, refused: 2, success_rate: 97 / 99 });
    } finally {
      await later.close();
      await opened.storage.close();
      await opened.dispose();
    }
  });

  it('a return costs one operation more, and is acknowledged even if it cannot be noted', async () => {
    const calls: string[] = [];
    const failing = { now: false };
    const api = await startTestApi({}, { decorate: (storage) => recording(calls, failing)(storage) });
    try {
      const scenario = new Scenario(api);
      const session = await scenario.sessionIn('stalled');
      calls.length = 0;
      await scenario.heartbeat(session);
      assert.deepEqual(calls, ['sessions.heartbeat', 'history.recordReturn']);
    } finally {
      await api.close();
    }
    const faulty = await startTestApi(
      {},
      {
        decorate: (storage) =>
          overriding(storage, {
            history: overriding(storage.history, {
              recordReturn: () => Promise.reject(new StorageUnavailableError('gone')),
              recordStalls: () => Promise.reject(new StorageUnavailableError('gone')),
            }),
          }),
      },
    );
    try {
      const scenario = new Scenario(faulty);
      const session = await scenario.session();
      faulty.clock.advance(4 * MINUTE);
      assert.equal((await sweep(faulty)).status, 200);
      assert.equal((await scenario.heartbeat(session)).status, 'active');
      assert.equal(faulty.log.withMessage('History not kept').length, 2);
    } finally {
      await faulty.close();
    }
  });

  it('are forgotten with the clean-up, as the stalls are, after 400 days', async () => {
    const api = await startTestApi();
    try {
      const scenario = new Scenario(api);
      const since = api.clock.now().toISOString();
      await scenario.session();
      api.clock.advance(4 * MINUTE);
      await sweep(api);
      const stalls = async () => (await statsOf(api, `?since=${since}`)).detection.stalls;
      api.clock.advance(400 * DAY);
      await api.app.get(JobsService).run('cleanup');
      assert.equal(await stalls(), 1);
      api.clock.advance(DAY);
      await api.app.get(JobsService).run('cleanup');
      assert.equal(await stalls(), 0);
    } finally {
      await api.close();
    }
  });
});
