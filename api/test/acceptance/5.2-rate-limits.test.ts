import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { aSession } from '../storage/contract/builders.ts';
import { FakeClock, MINUTE, SECOND } from '../support/fake-clock.ts';
import { refused } from '../support/refused.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi, type TestParts } from '../support/test-api.ts';

const LIMIT = 100;

/** Twenty seconds into a minute. */
const clockWithin = () => new FakeClock(new Date(Math.floor(Date.now() / MINUTE) * MINUTE + 20 * SECOND));

const limited = (parts: TestParts = {}, more: Parameters<typeof startTestApi>[0] = {}) =>
  startTestApi(
    { rateLimitPerMinute: LIMIT, rateLimitHeartbeatsPerMinute: 30, ...more },
    { clock: clockWithin(), ...parts },
  );

async function statusesOf(count: number, call: (index: number) => Promise<{ status: number }>): Promise<number[]> {
  const replies = await Promise.all(Array.from({ length: count }, (_, index) => call(index)));
  return replies.map(({ status }) => status);
}

const count = (statuses: readonly number[], status: number) => statuses.filter((each) => each === status).length;
const list = (api: TestApi, headers: Record<string, string> = {}) =>
  api.call('GET', '/api/sessions', undefined, { headers });

for (const rateLimitStore of ['memory', 'storage'] as const) {
  describe(`5.2 rate limits counted in ${rateLimitStore}`, () => {
    let api: TestApi;
    beforeEach(async () => {
      api = await limited({}, { rateLimitStore });
    });
    afterEach(() => api.close());

    it('AC-5.2.c of 110 requests in a minute with one key 10 are refused, the last ones, with Retry-After', async () => {
      const statuses: number[] = [];
      for (let request = 0; request < 110; request++) statuses.push((await list(api)).status);
      assert.deepEqual(statuses.slice(0, LIMIT), Array<number>(LIMIT).fill(200));
      assert.deepEqual(statuses.slice(LIMIT), Array<number>(10).fill(429));
      await refused(api, 'RATE_LIMITED', 'GET', '/api/sessions');
      assert.equal((await list(api)).headers.get('Retry-After'), '40');
    });

    it('AC-5.2.c exactly 10 are refused as well when all 110 come at once', async () => {
      const statuses = await statusesOf(110, () => list(api));
      assert.equal(count(statuses, 200), LIMIT);
      assert.equal(count(statuses, 429), 10);
    });

    it('AC-5.2.d every authenticated reply says the limit, what is left of it, and when it begins anew', async () => {
      const reset = String(Math.floor(api.clock.now().getTime() / MINUTE) * 60 + 60);
      const headersOf = ({ headers }: { headers: Headers }) =>
        ['Limit', 'Remaining', 'Reset'].map((name) => headers.get(`X-RateLimit-${name}`));
      assert.deepEqual(headersOf(await list(api)), ['100', '99', reset]);
      assert.deepEqual(headersOf(await api.call('GET', '/api/sessions/none')), ['100', '98', reset], 'a 404');
      assert.deepEqual(headersOf(await api.call('POST', '/api/sessions', '{')), ['100', '97', reset], 'a 400');
      await statusesOf(LIMIT, () => list(api));
      assert.deepEqual(headersOf(await list(api)), ['100', '0', reset], 'a 429');
      assert.deepEqual(headersOf(await api.call('GET', '/health')), [null, null, null], 'a public route');
    });

    it('the budget is whole again when the minute turns', async () => {
      await statusesOf(110, () => list(api));
      api.clock.advance(39 * SECOND);
      assert.equal((await list(api)).status, 429);
      api.clock.advance(SECOND);
      const reply = await list(api);
      assert.equal(reply.status, 200);
      assert.equal(reply.headers.get('X-RateLimit-Remaining'), '99');
    });

    it('a session that beats too often is refused, and no other with it', async () => {
      const scenario = new Scenario(api);
      const [eager, other] = [await scenario.session(), await scenario.session()];
      const statuses = await statusesOf(35, () => api.call('POST', `/sessions/${eager.session_id}/heartbeat`));
      assert.equal(count(statuses, 200), 30);
      assert.equal(count(statuses, 429), 5);
      await scenario.heartbeat(other);
      assert.equal((await list(api)).headers.get('X-RateLimit-Remaining'), '97', 'heartbeats cost the key nothing');
    });

    it('a machine that beats too often is refused likewise', async () => {
      const { machine_id } = await new Scenario(api).machine();
      const statuses = await statusesOf(35, () => api.call('POST', `/api/machines/${machine_id}/heartbeat`));
      assert.equal(count(statuses, 429), 5);
    });

    it('failed attempts to present a key are limited by address; a valid key passes all the same', async () => {
      const guess = () => list(api, { 'X-API-Key': randomUUID() });
      const statuses = await statusesOf(LIMIT + 5, guess);
      assert.equal(count(statuses, 401), LIMIT);
      assert.equal(count(statuses, 429), 5);
      const refusal = await guess();
      assert.equal(refusal.status, 429);
      assert.equal(refusal.headers.get('Retry-After'), '40');
      const honest = await list(api);
      assert.equal(honest.status, 200);
      assert.equal(honest.headers.get('X-RateLimit-Remaining'), '99', 'nor do they cost the key anything');
      api.clock.advance(MINUTE);
      assert.equal((await guess()).status, 401);
    });

    it('the log says once a minute who reached a limit, and never with which key', async () => {
      await statusesOf(150, () => list(api));
      const lines = api.log.withMessage('Rate limit reached');
      assert.equal(lines.length, 1);
      assert.equal(lines[0]?.context['budget'], 'key');
      assert.ok(!api.log.text.includes(api.key));
    });
  });
}

describe('5.2 rate limits of a fleet', () => {
  it('1,000 sessions on one key that beat once a minute are never refused', async () => {
    const api = await limited();
    try {
      const sessions = Array.from({ length: 1000 }, () => aSession());
      for (const session of sessions) await api.storage.sessions.insert(session);
      for (let minute = 0; minute < 3; minute++) {
        const statuses: number[] = [];
        for (let first = 0; first < sessions.length; first += 100) {
          const some = sessions.slice(first, first + 100);
          statuses.push(
            ...(await statusesOf(some.length, (index) =>
              api.call('POST', `/api/sessions/${some[index]?.session_id}/heartbeat`),
            )),
          );
        }
        assert.equal(count(statuses, 200), 1000);
        api.clock.advance(MINUTE);
      }
    } finally {
      await api.close();
    }
  }).timeout(30_000);
});

describe('5.2 rate limits of two instances on one storage', () => {
  let one: TestApi;
  let other: TestApi;
  let headers: Record<string, string>;
  beforeEach(async () => {
    const clock = clockWithin();
    const key = randomUUID();
    headers = { 'X-API-Key': key };
    one = await limited({ clock }, { rateLimitStore: 'storage', apiKeys: [key] });
    other = await limited({ clock, sharedStorage: one.storage }, { rateLimitStore: 'storage', apiKeys: [key] });
  });
  afterEach(async () => {
    await other.close();
    await one.close();
  });

  it('AC-5.2.c of 110 requests that go to both in turn exactly 10 are refused', async () => {
    const statuses = await statusesOf(110, (index) => list(index % 2 === 0 ? one : other, headers));
    assert.equal(count(statuses, 200), LIMIT);
    assert.equal(count(statuses, 429), 10);
  });

  it('a session has one budget on both', async () => {
    const session = aSession();
    await one.storage.sessions.insert(session);
    const beat = (index: number) =>
      (index % 2 === 0 ? one : other).call('POST', `/api/sessions/${session.session_id}/heartbeat`, undefined, {
        headers,
      });
    assert.equal(count(await statusesOf(40, beat), 429), 10);
  });
});

describe('5.2 rate limits in development without keys', () => {
  it('do not hold: there is no caller to tell from another', async () => {
    const api = await limited({}, { nodeEnv: 'development', apiKeys: [], authenticationBypassed: true });
    try {
      assert.equal(count(await statusesOf(110, () => list(api)), 200), 110);
    } finally {
      await api.close();
    }
  });
});
