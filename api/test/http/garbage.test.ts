import assert from 'node:assert/strict';
import { HEADERS, LIMITS, ROUTES, type Route } from '@claude-projects/shared/contract';
import * as fc from 'fast-check';
import { openApiDocument } from '../../src/docs/openapi.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';
import { assertAnswerOf, assertRefusal, headerOf } from './support/answers.ts';
import { bodiesOf, contentTypes, FRESH, fieldsOf, pathIds, queriesOf, requestIds } from './support/hostile.ts';
import { at, isObject } from './support/json.ts';
import { NOT_MOUNTED_YET } from './support/mounted-routes.ts';
import { RawClient, type RawReply, type RawRequest } from './support/raw-client.ts';

/** The same garbage every time, other garbage for each route; a failure prints its seed and path. */
const SEED = 20260731;
/** Fewer where a request takes milliseconds: what is refused is refused before any engine is asked. */
const RUNS = process.env['TEST_STORAGE'] === 'mongodb' ? 60 : 400;

/** A value that each field of a body takes, as JSON text, so that garbage gets past the first wrong field. */
const VALID: Readonly<Record<string, string>> = {
  project_id: `"project ${FRESH}"`,
  machine_id: `"machine ${FRESH}"`,
  new_machine_id: '"another machine"',
  docker_slot: '7',
  docker_slots: '[1,2]',
  hostname: '"host"',
  metadata: '{"owner":"me"}',
  occurred_at: '"2026-01-31T12:00:00.000Z"',
  current_task_id: '"TASK-1"',
  activity: '"working"',
  activity_detail: '"typing"',
  error_message: '"it broke"',
  status: '"failed"',
  reset_failed_tasks: 'true',
  force: 'false',
  task_name: '"a task"',
  github_issue_id: '"#1"',
};

/** These do nothing for a session that lives. */
const WANTS_A_DEAD_SESSION = ['prepareRecovery', 'recoverSession', 'archiveSession'];

describe('garbage', function () {
  this.timeout(60_000);
  let api: TestApi;
  let client: RawClient;
  const documentedStatuses = statusesByRoute();
  before(async () => {
    // Nothing may expire by itself while it is counted, be its end reported for 1970.
    api = await startTestApi({ retentionDays: 100_000 });
    client = new RawClient(api.url);
  });
  after(async () => {
    client.close();
    await api.close();
  });

  for (const [name, route] of Object.entries<Route>(ROUTES)) {
    if (NOT_MOUNTED_YET.includes(name)) continue;
    it(`does no harm to ${name}`, async () => {
      const ids = await fixtureIds(api, WANTS_A_DEAD_SESSION.includes(name));
      let welcome = 0;
      const documented = documentedStatuses.get(name) ?? new Set();
      const check = fc.asyncProperty(requestsFor(name, route, ids, api.key), async (request) => {
        const before = await totals(api);
        const reply = await client.send(request);
        assertAnswerOf(route, documented, reply);
        if (reply.status < 400) welcome++;
        else {
          assert.equal(assertRefusal(reply).path, request.path.split(/\?/, 1)[0]);
          assert.deepEqual(await totals(api), before, 'a refusal stores nothing');
        }
        assertRequestIdKept(request, reply);
        await assertUnharmed(client);
      });
      await fc.assert(check, { seed: SEED + Object.keys(ROUTES).indexOf(name), numRuns: RUNS });
      assert.notEqual(welcome, 0, 'garbage that is all refused at the door shows nothing of what lies behind');
    });
  }

  it('that is too large is refused, announced or not, on every route that has a body', async () => {
    const headers = { 'X-API-Key': api.key, 'Content-Type': 'application/json' };
    const chunks = Array.from({ length: LIMITS.bodyBytes / 65_536 + 1 }, () => Buffer.alloc(65_536, '['));
    for (const { method, path, body } of Object.values<Route>(ROUTES)) {
      if (!body) continue;
      const request = { method, path: path.replace(/:\w+/, 'x'), headers };
      const before = await totals(api);
      for (const reply of [
        await client.announce(request, LIMITS.bodyBytes + 1),
        await client.sendChunked(request, chunks),
      ]) {
        assert.equal(assertRefusal(reply).code, 'PAYLOAD_TOO_LARGE');
      }
      assert.deepEqual(await totals(api), before);
      await assertUnharmed(client);
    }
  });
});

interface FixtureIds {
  session: string;
  task: string;
  machine: string;
}

/** Something real for each path, so that garbage also reaches what lies behind a 404. */
async function fixtureIds(api: TestApi, dead: boolean): Promise<FixtureIds> {
  const scenario = new Scenario(api);
  const session = await scenario.session();
  const task = await scenario.taskIn(session, 'in_progress');
  const machine = await scenario.machine();
  if (dead) await scenario.failed(session);
  return { session: session.session_id, task: task.task_id, machine: machine.machine_id };
}

function requestsFor(name: string, route: Route, ids: FixtureIds, key: string) {
  const real: Readonly<Record<string, string>> = {
    sessionId: ids.session,
    taskId: ids.task,
    machineId: ids.machine,
  };
  const parameter = /:(\w+)/.exec(route.path)?.[1];
  const path = fc
    .oneof({ weight: 2, arbitrary: fc.constant(real[parameter ?? ''] ?? 'none') }, { weight: 1, arbitrary: pathIds })
    .map((id) => route.path.replace(/:\w+/, () => id));
  const prefixed = fc.tuple(path, fc.boolean()).map(([path, bare]) => (bare ? withoutPrefix(path) : path));
  const body =
    route.method === 'GET'
      ? fc.constant(undefined)
      : fc.option(bodiesOf(validFields(name, route, ids), fieldsOf(route.body).required), { nil: undefined, freq: 10 });
  return fc.tuple(prefixed, queriesOf(route), body, contentTypes, requestIds).map(
    ([path, query, body, contentType, requestId]): RawRequest => ({
      method: route.method,
      path: query === '' ? path : `${path}?${query}`,
      body,
      headers: {
        'X-API-Key': key,
        ...(body !== undefined && contentType !== undefined && { 'Content-Type': contentType }),
        ...(requestId !== undefined && { [HEADERS.requestId]: requestId }),
      },
    }),
  );
}

function validFields(name: string, route: Route, ids: FixtureIds): Record<string, string> {
  const valid: Readonly<Record<string, string>> = {
    ...VALID,
    session_id: JSON.stringify(name === 'createTask' ? ids.session : `00000000-0000-4000-8000-${FRESH}`),
    task_id: JSON.stringify(`00000000-0000-4000-8000-${FRESH}`),
  };
  return Object.fromEntries(
    fieldsOf(route.body).names.map((field) => {
      const value = valid[field];
      assert.ok(value, `VALID lacks ${field}`);
      return [field, value];
    }),
  );
}

function withoutPrefix(path: string): string {
  return path.replace(/^\/api(?=\/(sessions|tasks|machines|stats)(\/|$))/, '');
}

/** What OpenAPI says that each route may answer. */
function statusesByRoute(): Map<string, Set<number>> {
  const statuses = new Map<string, Set<number>>();
  for (const methods of Object.values(openApiDocument().paths)) {
    for (const operation of Object.values(isObject(methods) ? methods : {})) {
      const responses = at(operation, '#/responses');
      assert.ok(isObject(operation) && isObject(responses));
      const fourHundreds = Object.keys(responses).map(Number);
      statuses.set(String(operation['operationId']), new Set(fourHundreds.filter((status) => status < 500)));
    }
  }
  return statuses;
}

async function totals({ storage }: TestApi) {
  const page = { limit: 1, offset: 0 };
  return {
    sessions: (await storage.sessions.list({}, page)).total,
    tasks: (await storage.tasks.list({}, page)).total,
    machines: (await storage.machines.list({}, page)).total,
  };
}

function assertRequestIdKept({ headers = {} }: RawRequest, reply: RawReply): void {
  const given = headers[HEADERS.requestId];
  const answered = headerOf(reply, HEADERS.requestId);
  assert.match(answered ?? '', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
  if (given !== undefined && answered !== given)
    assert.doesNotMatch(given, /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i);
}

async function assertUnharmed(client: RawClient): Promise<void> {
  assert.equal((await client.send({ method: 'GET', path: '/health' })).status, 200);
  assert.equal(Reflect.get({}, 'polluted'), undefined);
}
