import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Session, SessionList } from '@claude-projects/shared/contract';
import { MINUTE, SECOND } from '../support/fake-clock.ts';
import { fieldsOf, refused } from '../support/refused.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

const idsOf = (sessions: readonly Session[]) => sessions.map((session) => session.session_id);

describe('2.1 lists of sessions', () => {
  let api: TestApi;
  let scenario: Scenario;
  before(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  after(() => api.close());

  async function list(query: Record<string, string | number>): Promise<SessionList> {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) parameters.set(name, String(value));
    const { status, body } = await api.call<SessionList>('GET', `/api/sessions?${parameters.toString()}`);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  /** Of one project, each a second after the other; the oldest first. */
  async function sessions(count: number, project_id: string): Promise<Session[]> {
    const made: Session[] = [];
    for (let index = 0; index < count; index++) {
      api.clock.advance(SECOND);
      made.push(await scenario.session({ project_id }));
    }
    return made;
  }

  it('are empty where nothing matches', async () => {
    assert.deepEqual(await list({ project_id: randomUUID() }), { sessions: [], total: 0, limit: 50, offset: 0 });
  });

  it('come newest first, page by page, with the total of all pages', async () => {
    const project_id = randomUUID();
    const newestFirst = idsOf(await sessions(5, project_id)).toReversed();
    const first = await list({ project_id, limit: 2 });
    assert.deepEqual(idsOf(first.sessions), newestFirst.slice(0, 2));
    assert.deepEqual([first.total, first.limit, first.offset], [5, 2, 0]);
    const last = await list({ project_id, limit: 2, offset: 4 });
    assert.deepEqual(idsOf(last.sessions), newestFirst.slice(4));
    assert.deepEqual([last.total, last.limit, last.offset], [5, 2, 4]);
    assert.deepEqual((await list({ project_id, offset: 5 })).sessions, []);
  });

  it('are filtered by project, machine and status, alone and together', async () => {
    const project_id = randomUUID();
    const [here, done, elsewhere] = await sessions(3, project_id);
    assert.ok(here && done && elsewhere);
    await scenario.update(done, { status: 'completed' });
    assert.deepEqual(idsOf((await list({ machine_id: here.machine_id })).sessions), [here.session_id]);
    assert.deepEqual(idsOf((await list({ project_id, status: 'completed' })).sessions), [done.session_id]);
    assert.equal((await list({ project_id, machine_id: done.machine_id, status: 'active' })).total, 0);
    assert.equal((await list({ project_id })).total, 3);
  });

  it('tell what changed since a moment, that moment included', async () => {
    const project_id = randomUUID();
    const [touched, untouched] = await sessions(2, project_id);
    assert.ok(touched && untouched);
    api.clock.advance(MINUTE);
    const { updated_at } = await scenario.heartbeat(touched);
    const changed = await list({ project_id, updated_since: updated_at });
    assert.deepEqual(idsOf(changed.sessions), [touched.session_id]);
    assert.equal((await list({ project_id, updated_since: untouched.updated_at })).total, 2);
    const afterwards = new Date(Date.parse(updated_at) + 1).toISOString();
    assert.equal((await list({ project_id, updated_since: afterwards })).total, 0);
    const inAnotherZone = new Date(Date.parse(updated_at) + 60 * MINUTE).toISOString().replace('Z', '+01:00');
    assert.equal((await list({ project_id, updated_since: inAnotherZone })).total, 1);
  });

  it('hold archived sessions apart when asked to', async () => {
    const project_id = randomUUID();
    const [kept, archived] = await sessions(2, project_id);
    assert.ok(kept && archived);
    await scenario.update(archived, { status: 'completed' });
    assert.equal((await api.call('POST', `/api/sessions/${archived.session_id}/archive`)).status, 200);
    assert.deepEqual(idsOf((await list({ project_id, archived: 'true' })).sessions), [archived.session_id]);
    assert.deepEqual(idsOf((await list({ project_id, archived: 'false' })).sessions), [kept.session_id]);
    assert.equal((await list({ project_id })).total, 2);
  });

  it('refuse a query that the contract does not know, and name the parameter', async () => {
    for (const [query, field] of [
      ['limit=101', 'limit'],
      ['limit=0', 'limit'],
      ['limit=ten', 'limit'],
      ['offset=-1', 'offset'],
      ['offset=1.5', 'offset'],
      ['archived=maybe', 'archived'],
      ['updated_since=yesterday', 'updated_since'],
      ['colour=red', 'colour'],
    ] as const) {
      const error = await refused(api, 'VALIDATION_FAILED', 'GET', `/api/sessions?${query}`);
      assert.deepEqual(fieldsOf(error), [field]);
    }
    assert.equal((await list({ limit: 100 })).limit, 100);
  });
});

describe('2.1 conditional lists', () => {
  let api: TestApi;
  let scenario: Scenario;
  before(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  after(() => api.close());

  for (const collection of ['sessions', 'tasks', 'machines']) {
    it(`${collection}: 304 while nothing changed, and a new ETag once something did`, async () => {
      const session = await scenario.session();
      const path = `/api/${collection}`;
      const first = await api.call('GET', path);
      const etag = first.headers.get('ETag') ?? '';
      assert.match(etag, /^W\/".+"$/);
      for (const known of [etag, `"other", ${etag}`, '*']) {
        const again = await api.call('GET', path, undefined, { headers: { 'If-None-Match': known } });
        assert.equal(again.status, 304, known);
        assert.equal(again.body, null);
        assert.equal(again.headers.get('ETag'), etag);
      }
      await scenario.task(session);
      await scenario.machine();
      await scenario.session();
      const changed = await api.call('GET', path, undefined, { headers: { 'If-None-Match': etag } });
      assert.equal(changed.status, 200);
      assert.notEqual(changed.headers.get('ETag'), etag);
      assert.notDeepEqual(changed.body, first.body);
    });
  }

  it('a reply that is no list has no ETag', async () => {
    const { session_id } = await scenario.session();
    const { headers } = await api.call('GET', `/api/sessions/${session_id}`);
    assert.equal(headers.get('ETag'), null);
  });
});

describe('2.1 the list by status', () => {
  let api: TestApi;
  before(async () => {
    api = await startTestApi();
  });
  after(() => api.close());

  it('AC-2.1.e of two active sessions and a completed one, ?status=active gives exactly the two', async () => {
    const scenario = new Scenario(api);
    const active = [await scenario.session(), await scenario.session()];
    await scenario.sessionIn('completed');
    const { status, body } = await api.call<SessionList>('GET', '/api/sessions?status=active');
    assert.equal(status, 200);
    assert.deepEqual(idsOf(body.sessions).sort(), idsOf(active).sort());
    assert.equal(body.total, 2);
  });
});
