import assert from 'node:assert/strict';
import type { ErrorCode, ErrorReply, Session, Task } from '@claude-projects/shared/contract';
import { LIMITS } from '@claude-projects/shared/contract';
import { MINUTE } from '../support/fake-clock.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';
import { assertRefusal } from './support/answers.ts';
import { nested } from './support/hostile.ts';
import { RawClient, type RawRequest } from './support/raw-client.ts';

interface BadBody {
  title: string;
  /** As JSON text: half of these would not survive JSON.stringify. */
  fields: string;
  refused: string[];
}

const LONG = 'a'.repeat(10_000);
const PLACE = '"project_id":"p","machine_id":"m"';

describe('bad input', () => {
  let api: TestApi;
  let client: RawClient;
  let session: Session;
  let task: Task;
  before(async () => {
    api = await startTestApi();
    client = new RawClient(api.url);
    const scenario = new Scenario(api);
    session = await scenario.session();
    task = await scenario.task(session);
  });
  after(async () => {
    client.close();
    await api.close();
  });

  const send = (request: RawRequest) =>
    client.send({
      ...request,
      headers: { 'X-API-Key': api.key, 'Content-Type': 'application/json', ...request.headers },
    });

  async function assertRefused(request: RawRequest, code: ErrorCode, fields?: string[]): Promise<ErrorReply> {
    const before = await stored(api);
    const refusal = assertRefusal(await send(request));
    assert.equal(refusal.code, code, refusal.message);
    assert.deepEqual(
      refusal.details?.map(({ field }) => field),
      fields,
      refusal.message,
    );
    assert.deepEqual(await stored(api), before, 'a refusal changes nothing');
    return refusal;
  }

  describe('in the body of a create', () => {
    const cases: BadBody[] = [
      { title: 'no fields', fields: '', refused: ['project_id', 'machine_id'] },
      { title: 'null for a text', fields: '"project_id":null,"machine_id":"m"', refused: ['project_id'] },
      { title: 'an operator for a text', fields: '"project_id":{"$gt":""},"machine_id":"m"', refused: ['project_id'] },
      { title: 'a list for a text', fields: '"project_id":["p"],"machine_id":"m"', refused: ['project_id'] },
      { title: 'an empty text', fields: '"project_id":"","machine_id":"m"', refused: ['project_id', 'project_id'] },
      { title: 'a blank text', fields: '"project_id":" \\t","machine_id":"m"', refused: ['project_id'] },
      { title: 'a NUL', fields: '"project_id":"a\\u0000b","machine_id":"m"', refused: ['project_id'] },
      { title: 'a lone surrogate', fields: '"project_id":"\\ud800","machine_id":"m"', refused: ['project_id'] },
      { title: '10,000 characters', fields: `"project_id":"${LONG}","machine_id":"m"`, refused: ['project_id'] },
      { title: 'a slot below 0', fields: `${PLACE},"docker_slot":-1`, refused: ['docker_slot'] },
      { title: 'a slot with a fraction', fields: `${PLACE},"docker_slot":1.5`, refused: ['docker_slot'] },
      { title: 'a slot too high', fields: `${PLACE},"docker_slot":65536`, refused: ['docker_slot'] },
      { title: 'an infinite slot', fields: `${PLACE},"docker_slot":1e999`, refused: ['docker_slot'] },
      { title: 'a slot as text', fields: `${PLACE},"docker_slot":"1"`, refused: ['docker_slot'] },
      {
        title: 'a slot beyond exact numbers',
        fields: `${PLACE},"docker_slot":9007199254740993`,
        refused: ['docker_slot', 'docker_slot'],
      },
      { title: 'an id that is no UUID', fields: `${PLACE},"session_id":"1"`, refused: ['session_id'] },
      {
        title: 'an id that is a UUID of version 1',
        fields: `${PLACE},"session_id":"6ba7b810-9dad-11d1-80b4-00c04fd430c8"`,
        refused: ['session_id'],
      },
      { title: 'a field of no meaning', fields: `${PLACE},"colour":"red"`, refused: ['colour'] },
      {
        title: 'fields that are not the caller’s',
        fields: `${PLACE},"status":"failed","_id":1`,
        refused: ['status', '_id'],
      },
      {
        title: '__proto__ as a key of its own',
        fields: `${PLACE},"__proto__":{"polluted":true}`,
        refused: ['__proto__'],
      },
      {
        title: 'constructor as a key of its own',
        fields: `${PLACE},"constructor":{"prototype":{"polluted":true}}`,
        refused: ['constructor'],
      },
      { title: 'metadata that is a list', fields: `${PLACE},"metadata":[]`, refused: ['metadata'] },
      { title: 'metadata that is null', fields: `${PLACE},"metadata":null`, refused: ['metadata'] },
      {
        title: '__proto__ in metadata',
        fields: `${PLACE},"metadata":{"__proto__":{"polluted":true}}`,
        refused: ['metadata.__proto__'],
      },
      {
        title: '__proto__ deep in metadata',
        fields: `${PLACE},"metadata":{"a":[{"__proto__":1}]}`,
        refused: ['metadata.a.0.__proto__'],
      },
      {
        title: 'prototype in metadata',
        fields: `${PLACE},"metadata":{"prototype":1}`,
        refused: ['metadata.prototype'],
      },
      {
        title: 'constructor in metadata',
        fields: `${PLACE},"metadata":{"constructor":1}`,
        refused: ['metadata.constructor'],
      },
      {
        title: 'an operator in metadata',
        fields: `${PLACE},"metadata":{"a":{"$where":"1"}}`,
        refused: ['metadata.a.$where'],
      },
      { title: 'a dot in a key of metadata', fields: `${PLACE},"metadata":{"a.b":1}`, refused: ['metadata.a.b'] },
      { title: 'a NUL in a key of metadata', fields: `${PLACE},"metadata":{"\\u0000":1}`, refused: ['metadata.\0'] },
      { title: 'a lone surrogate in metadata', fields: `${PLACE},"metadata":{"a":"\\udfff"}`, refused: ['metadata.a'] },
      { title: 'an infinite number in metadata', fields: `${PLACE},"metadata":{"a":-1e999}`, refused: ['metadata.a'] },
      {
        title: 'metadata 9 deep',
        fields: `${PLACE},"metadata":${nested(8, '{"a":', '}').replace(':}', ':{}}')}`,
        refused: ['metadata.a.a.a.a.a.a.a.a'],
      },
      {
        title: 'metadata 100,000 deep',
        fields: `${PLACE},"metadata":{"a":${nested(100_000)}}`,
        refused: ['metadata.a.0.0.0.0.0.0.0'],
      },
      {
        title: 'metadata over 64 KiB',
        fields: `${PLACE},"metadata":{"a":"${'b'.repeat(LIMITS.metadataBytes)}"}`,
        refused: ['metadata'],
      },
      { title: 'a time that is none', fields: `${PLACE},"occurred_at":"yesterday"`, refused: ['occurred_at'] },
      {
        title: 'the 30th of February',
        fields: `${PLACE},"occurred_at":"2024-02-30T00:00:00Z"`,
        refused: ['occurred_at'],
      },
      {
        title: 'a time without a zone',
        fields: `${PLACE},"occurred_at":"2024-01-01T00:00:00"`,
        refused: ['occurred_at'],
      },
      {
        title: 'a time before all that can be written',
        fields: `${PLACE},"occurred_at":"0000-01-01T00:00:00+23:59"`,
        refused: ['occurred_at'],
      },
      {
        title: 'a time in ages',
        fields: `${PLACE},"occurred_at":"9999-12-31T23:59:59-23:59"`,
        refused: ['occurred_at'],
      },
    ];
    for (const { title, fields, refused } of cases) {
      it(`refuses ${title}`, async () => {
        const body = `{${fields}}`;
        await assertRefused({ method: 'POST', path: '/api/sessions', body }, 'VALIDATION_FAILED', refused);
        assert.equal(Reflect.get({}, 'polluted'), undefined);
      });
    }

    it('refuses a time over 5 minutes ahead, and takes one below that for now', async () => {
      const dated = (ahead: number) =>
        `{"project_id":"ahead","machine_id":"m","occurred_at":"${new Date(api.clock.now().getTime() + ahead).toISOString()}"}`;
      const request = { method: 'POST', path: '/api/sessions' };
      await assertRefused({ ...request, body: dated(5 * MINUTE + 1) }, 'VALIDATION_FAILED', ['occurred_at']);
      assert.equal((await send({ ...request, body: dated(5 * MINUTE) })).status, 201);
    });

    it('names no more than a hundred fields', async () => {
      const body = JSON.stringify(Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`f${index}`, 1])));
      const { details } = assertRefusal(await send({ method: 'POST', path: '/api/sessions', body }));
      assert.equal(details?.length, 100);
    });
  });

  describe('in the body of other routes', () => {
    const sessionPath = () => `/api/sessions/${session.session_id}`;
    const cases: (BadBody & { method: string; path: () => string })[] = [
      {
        title: 'an unknown status',
        method: 'PATCH',
        path: sessionPath,
        fields: '"status":"asleep"',
        refused: ['status'],
      },
      {
        title: 'an unknown field',
        method: 'PATCH',
        path: sessionPath,
        fields: '"last_heartbeat":"now"',
        refused: ['last_heartbeat'],
      },
      {
        title: 'an error message without a failure',
        method: 'PATCH',
        path: sessionPath,
        fields: '"error_message":"x"',
        refused: ['error_message'],
      },
      {
        title: 'an unknown activity',
        method: 'POST',
        path: () => `${sessionPath()}/heartbeat`,
        fields: '"activity":"asleep"',
        refused: ['activity'],
      },
      {
        title: 'a time in a heartbeat',
        method: 'POST',
        path: () => `${sessionPath()}/heartbeat`,
        fields: '"occurred_at":"2024-01-01T00:00:00Z"',
        refused: ['occurred_at'],
      },
      {
        title: 'a failure without a reason',
        method: 'POST',
        path: () => `${sessionPath()}/mark-failed`,
        fields: '',
        refused: ['error_message'],
      },
      {
        title: 'a reason too long',
        method: 'POST',
        path: () => `${sessionPath()}/mark-failed`,
        fields: `"error_message":"${LONG}"`,
        refused: ['error_message'],
      },
      {
        title: 'no machine to recover on',
        method: 'POST',
        path: () => `${sessionPath()}/recover`,
        fields: '',
        refused: ['new_machine_id'],
      },
      {
        title: 'force as text',
        method: 'POST',
        path: () => `${sessionPath()}/recover`,
        fields: '"new_machine_id":"m","force":"yes"',
        refused: ['force'],
      },
      {
        title: 'a malformed session id',
        method: 'POST',
        path: () => '/api/tasks',
        fields: '"session_id":"x","project_id":"p","task_name":"t"',
        refused: ['session_id'],
      },
      {
        title: 'a name too long',
        method: 'POST',
        path: () => '/api/tasks',
        fields: `"session_id":"${crypto.randomUUID()}","project_id":"p","task_name":"${LONG}"`,
        refused: ['task_name'],
      },
      {
        title: 'a failed task without a reason',
        method: 'PATCH',
        path: () => `/api/tasks/${task.task_id}`,
        fields: '"status":"failed"',
        refused: ['error_message'],
      },
      {
        title: 'a slot named twice',
        method: 'POST',
        path: () => '/api/machines',
        fields: '"hostname":"h","docker_slots":[1,1]',
        refused: ['docker_slots'],
      },
      {
        title: 'a slot that is none, by its index',
        method: 'POST',
        path: () => '/api/machines',
        fields: '"hostname":"h","docker_slots":[1,-1]',
        refused: ['docker_slots.1'],
      },
      {
        title: 'too many slots',
        method: 'POST',
        path: () => '/api/machines',
        fields: `"hostname":"h","docker_slots":[${Array.from({ length: 1001 }, (_, index) => index).join(',')}]`,
        refused: ['docker_slots'],
      },
    ];
    for (const { title, method, path, fields, refused } of cases) {
      it(`refuses ${title}`, () =>
        assertRefused({ method, path: path(), body: `{${fields}}` }, 'VALIDATION_FAILED', refused));
    }

    it('says by its own code that the session of a new task does not exist', () => {
      const body = JSON.stringify({ session_id: crypto.randomUUID(), project_id: 'p', task_name: 't' });
      return assertRefused({ method: 'POST', path: '/api/tasks', body }, 'UNKNOWN_SESSION', ['session_id']);
    });
  });

  describe('that is no JSON object', () => {
    const post = (body: string | Buffer): RawRequest => ({ method: 'POST', path: '/api/sessions', body });
    const malformed: [string, string | Buffer][] = [
      ['text cut short', '{"project_id":"p'],
      ['two values', '{} {}'],
      ['single quotes', "{'a':1}"],
      ['NaN', 'NaN'],
      ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
      ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
      ['overlong UTF-8', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
      ['a million open brackets', '['.repeat(1_000_000)],
      ['bytes of nothing', Buffer.from([0, 1, 2, 3])],
    ];
    for (const [title, body] of malformed) {
      it(`refuses ${title} as no JSON`, () => assertRefused(post(body), 'INVALID_JSON'));
    }

    const wrong: [string, string][] = [
      ['null', 'null'],
      ['a list', '[]'],
      ['a text', '"a"'],
      ['a number', '1'],
      ['half a million lists in each other', nested(500_000)],
      ['nothing', ''],
      ['white space', ' \r\n\t'],
    ];
    for (const [title, body] of wrong) {
      it(`refuses ${title} as no object`, () => assertRefused(post(body), 'VALIDATION_FAILED', ['']));
    }
  });

  describe('in the size or the type of a body', () => {
    const post = { method: 'POST', path: '/api/sessions' };

    it('takes a body of 1 MiB, and refuses one that is a byte longer', async () => {
      const padded = (length: number) => `{${PLACE},"metadata":[]}`.padEnd(length);
      await assertRefused({ ...post, body: padded(LIMITS.bodyBytes) }, 'VALIDATION_FAILED', ['metadata']);
      const headers = { 'X-API-Key': api.key, 'Content-Type': 'application/json' };
      const announced = await client.announce({ ...post, headers }, LIMITS.bodyBytes + 1);
      assert.equal(assertRefusal(announced).code, 'PAYLOAD_TOO_LARGE');
    });

    it('refuses a body that is too large though it never said how long it is', async () => {
      const headers = { 'X-API-Key': api.key, 'Content-Type': 'application/json' };
      const chunks = Array.from({ length: 17 }, () => Buffer.alloc(65_536, ' '));
      const reply = await client.sendChunked({ ...post, headers }, chunks);
      assert.equal(assertRefusal(reply).code, 'PAYLOAD_TOO_LARGE');
    });

    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/xml',
      'application/jsonp',
      ';',
      'a',
    ]) {
      it(`refuses ${type}`, () =>
        assertRefused({ ...post, body: `{${PLACE}}`, headers: { 'Content-Type': type } }, 'UNSUPPORTED_MEDIA_TYPE'));
    }

    it('refuses a body whose type is not given', async () => {
      const reply = await client.send({ ...post, body: `{${PLACE}}`, headers: { 'X-API-Key': api.key } });
      assert.equal(assertRefusal(reply).code, 'UNSUPPORTED_MEDIA_TYPE');
    });
  });

  describe('in a query', () => {
    const cases: [query: string, field: string][] = [
      ['project_id[$ne]=', 'project_id[$ne]'],
      ['project_id[$ne]=x', 'project_id[$ne]'],
      ['project_id[]=x', 'project_id[]'],
      ['project_id=a&project_id=b', 'project_id'],
      ['project_id=', 'project_id'],
      ['project_id=%00', 'project_id'],
      [`project_id=${'a'.repeat(201)}`, 'project_id'],
      ['status=asleep', 'status'],
      ['status=active&status=failed', 'status'],
      ['archived=1', 'archived'],
      ['updated_since=yesterday', 'updated_since'],
      ['limit=0', 'limit'],
      ['limit=-1', 'limit'],
      ['limit=101', 'limit'],
      ['limit=1.5', 'limit'],
      ['limit=ten', 'limit'],
      ['limit=1e999', 'limit'],
      ['limit=1e1', 'limit'],
      ['limit=0x10', 'limit'],
      ['limit=0b11', 'limit'],
      ['limit=+5', 'limit'],
      ['limit=5.0', 'limit'],
      ['limit=%205', 'limit'],
      ['limit=5_0', 'limit'],
      ['offset=0o7', 'offset'],
      ['limit=', 'limit'],
      ['limit=%20', 'limit'],
      ['limit=5&limit=6', 'limit'],
      ['offset=-1', 'offset'],
      ['offset=10000001', 'offset'],
      ['offset=99999999999999999999', 'offset'],
      ['offset=', 'offset'],
      ['__proto__=1', '__proto__'],
      ['__proto__[polluted]=1', '__proto__[polluted]'],
      ['constructor=1', 'constructor'],
      ['$where=1', '$where'],
      ['colour=red', 'colour'],
      ['%zz=1', '%zz'],
    ];
    for (const [query, field] of cases) {
      it(`refuses ?${query.length > 40 ? `${query.slice(0, 40)}…` : query}`, async () => {
        const { code, details } = assertRefusal(await send({ method: 'GET', path: `/api/sessions?${query}` }));
        assert.equal(code, 'VALIDATION_FAILED');
        assert.deepEqual([...new Set(details?.map((detail) => detail.field))], [field]);
        assert.equal(Reflect.get({}, 'polluted'), undefined);
      });
    }

    for (const older of ['', '%20', '-1', '3651', '1.5', '0x0', '0e0', 'all', '0&older_than_days=0']) {
      it(`never cleans up for older_than_days=${older}`, async () => {
        const ended = await new Scenario(api).session();
        await new Scenario(api).failed(ended);
        api.clock.advance(1);
        for (const method of ['POST', 'DELETE']) {
          const path = `/api/sessions/cleanup?older_than_days=${older}`;
          const { code, details } = assertRefusal(
            await client.send({ method, path, headers: { 'X-API-Key': api.key } }),
          );
          assert.equal(code, 'VALIDATION_FAILED');
          assert.deepEqual([...new Set(details?.map(({ field }) => field))], ['older_than_days']);
        }
        await new Scenario(api).readSession(ended.session_id);
      });
    }
  });

  describe('in a path', () => {
    const nobody = [
      'none',
      '%00',
      'a%00b',
      '..',
      '.',
      '%2e%2e',
      '..%2f..%2fetc%2fpasswd',
      '%F0%9F%92%A9',
      'a'.repeat(600),
      '00000000-0000-4000-8000-000000000000',
      '__proto__',
      'constructor',
      'toString',
      '%7B%22$gt%22:%22%22%7D',
      '%5B%5D',
      "'%20OR%201=1--",
    ];
    for (const id of nobody) {
      const shown = id.length > 40 ? `${id.length} characters` : id;
      it(`finds nothing under ${shown}`, async () => {
        await assertRefused({ method: 'GET', path: `/api/sessions/${id}` }, 'SESSION_NOT_FOUND');
        await assertRefused({ method: 'DELETE', path: `/api/sessions/${id}` }, 'SESSION_NOT_FOUND');
        await assertRefused({ method: 'POST', path: `/api/sessions/${id}/heartbeat`, body: '{}' }, 'SESSION_NOT_FOUND');
        await assertRefused({ method: 'PATCH', path: `/api/tasks/${id}`, body: '{}' }, 'TASK_NOT_FOUND');
        await assertRefused({ method: 'GET', path: `/api/machines/${id}` }, 'MACHINE_NOT_FOUND');
      });
    }

    for (const path of [
      '/',
      '/api',
      '/api/',
      '/api/sessions/',
      '//api/sessions',
      '/api/sessions/../sessions',
      '/API/sessions',
      '/api/sessions;x',
      '/sessions2',
      '/api/api/sessions',
      '/.env',
    ]) {
      it(`has no route at ${path}`, () => assertRefused({ method: 'GET', path }, 'ROUTE_NOT_FOUND'));
    }

    for (const method of ['PATCH', 'PUT', 'OPTIONS', 'TRACE', 'PROPFIND']) {
      it(`has no route for ${method} on a list`, () =>
        assertRefused({ method, path: '/api/sessions' }, 'ROUTE_NOT_FOUND'));
    }
  });

  describe('in a header', () => {
    for (const id of ['x', '', '../..', 'b'.repeat(4_000), '<script>', '00000000-0000-0000-0000-000000000000']) {
      it(`keeps no request id like ${id.length > 40 ? `${id.length} characters` : `"${id}"`}`, async () => {
        const { request_id } = assertRefusal(
          await send({ method: 'GET', path: '/api/tasks/x', headers: { 'X-Request-Id': id } }),
        );
        assert.notEqual(request_id, id);
        assert.match(request_id, /^[0-9a-f-]{36}$/);
      });
    }

    it('keeps a request id that is a UUID', async () => {
      const id = crypto.randomUUID();
      const { request_id } = assertRefusal(
        await send({ method: 'GET', path: '/api/tasks/x', headers: { 'X-Request-Id': id } }),
      );
      assert.equal(request_id, id);
    });

    for (const tag of ['', ',', 'W/', '"', '**', 'b'.repeat(4_000)]) {
      it(`answers in full to If-None-Match: ${tag.length > 40 ? `${tag.length} characters` : tag}`, async () => {
        assert.equal(
          (await send({ method: 'GET', path: '/api/sessions', headers: { 'If-None-Match': tag } })).status,
          200,
        );
      });
    }
  });
});

async function stored({ storage }: TestApi) {
  const page = { limit: 100, offset: 0 };
  return [
    await storage.sessions.list({}, page),
    await storage.tasks.list({}, page),
    await storage.machines.list({}, page),
  ];
}
