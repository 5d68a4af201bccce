import assert from 'node:assert/strict';
import { type ClientModule, clientBench } from '../../support/client-suite.ts';
import { FaultServer } from '../../support/fault-server.ts';
import { SESSION_ID, session, sessionList } from '../../support/records.ts';
import { rejection } from '../../support/rejection.ts';
import { html, json, raw, refusal } from '../../support/steps.ts';

export function describeReplies(load: () => ClientModule): void {
  describe('replies', () => {
    const bench = clientBench(load);

    const alien = {
      'HTML with a 200': html(200),
      'HTML with a 404': html(404),
      'HTML with a 500': html(500),
      'half a JSON text': raw(200, '{"session_id":', { 'Content-Type': 'application/json' }),
      'an empty body': raw(200, ''),
      'JSON null': json(200, null),
      'a status no route has': json(202, session),
      'a 201 where only 200 is agreed': json(201, session),
      'an error of another API': json(404, { error: 'nope' }),
      'a 304 nobody asked for': raw(304, ''),
    };
    for (const [what, step] of Object.entries(alien)) {
      it(`calls ${what} what it is, and does not try again`, async () => {
        bench.server.script(step);
        const error = await rejection(bench.client().getSession(SESSION_ID), bench.module.ContractError);
        assert.match(error.message, /not a Claude Projects API reply/);
        assert.equal(error.code, 'CONTRACT_VIOLATION');
        assert.equal(typeof error.status, 'number');
      });
    }

    it('names the fields that break the contract', async () => {
      bench.server.script(json(200, { ...session, status: 7, started_at: 'yesterday' }));
      const error = await rejection(bench.client().getSession(SESSION_ID), bench.module.ContractError);
      assert.deepEqual(
        error.details.map(({ field }) => field),
        ['status', 'started_at'],
      );
    });

    it('refuses a reply of absurd size', async () => {
      bench.server.script(raw(200, '{}', { 'Content-Length': String(64 * 1024 * 1024) }));
      await rejection(bench.client().getSession(SESSION_ID), bench.module.ContractError);
    });

    it('follows no redirect, least of all with the key to another origin', async () => {
      const elsewhere = await FaultServer.start();
      try {
        for (const status of [301, 302, 307, 308]) {
          bench.server.script(raw(status, '', { Location: `${elsewhere.url}/api/sessions/${SESSION_ID}` }));
          const error = await rejection(bench.client().getSession(SESSION_ID), bench.module.ContractError);
          assert.equal(error.status, status);
        }
        assert.deepEqual(elsewhere.requests, []);
      } finally {
        await elsewhere.close();
      }
    });

    it('turns statuses into classes', async () => {
      const { AuthenticationError, ConflictError } = bench.module;
      bench.server.script(
        refusal('API_KEY_INVALID'),
        refusal('ACTIVE_SESSION_EXISTS', { conflicting_session_id: SESSION_ID }),
        refusal('SESSION_ENDED', { successor_session_id: SESSION_ID }),
        refusal('VALIDATION_FAILED', { details: [{ field: 'metadata.$x', message: 'no' }] }),
      );
      const client = bench.client();
      assert.equal((await rejection(client.getStats(), AuthenticationError)).code, 'API_KEY_INVALID');
      const taken = await rejection(client.createSession({ project_id: 'p', machine_id: 'm' }), ConflictError);
      assert.equal(taken.conflictingSessionId, SESSION_ID);
      assert.equal(taken.successorSessionId, undefined);
      const ended = await rejection(client.sendHeartbeat(SESSION_ID), ConflictError);
      assert.equal(ended.successorSessionId, SESSION_ID);
      const invalid = await rejection(client.updateSession(SESSION_ID, {}), bench.module.ApiError);
      assert.deepEqual(invalid.details, [{ field: 'metadata.$x', message: 'no' }]);
      assert.equal(invalid.name, 'ApiError');
      assert.equal(String(ended), 'ConflictError: Refused: SESSION_ENDED');
    });

    it('asks for what is new with an etag', async () => {
      const client = bench.client();
      bench.server.script(
        json(200, sessionList, { ETag: 'W/"7"' }),
        raw(304, '', { ETag: 'W/"7"' }),
        json(200, sessionList),
      );
      const first = await client.listSessions({}, { etag: null });
      assert.deepEqual(first, { notModified: false, etag: 'W/"7"', data: sessionList, unreadable: 0 });
      const second = await client.listSessions({ project_id: 'a b&c', limit: 5 }, { etag: first.etag });
      assert.deepEqual(second, { notModified: true, etag: 'W/"7"' });
      const plain = await client.listSessions({ project_id: undefined });
      assert.deepEqual(plain.sessions, [session]);
      const [one, two, three] = bench.server.requests;
      assert.deepEqual([one?.url, one?.headers['if-none-match']], ['/api/sessions', undefined]);
      assert.deepEqual(
        [two?.url, two?.headers['if-none-match']],
        ['/api/sessions?project_id=a+b%26c&limit=5', 'W/"7"'],
      );
      assert.deepEqual([three?.url, three?.headers['if-none-match']], ['/api/sessions', undefined]);
    });

    it('reads text as text, and nothing as nothing', async () => {
      bench.server.script(raw(200, '# HELP up\n', { 'Content-Type': 'text/plain' }), raw(204, ''));
      assert.equal(await bench.client().getMetrics(), '# HELP up\n');
      assert.equal(await bench.client().deleteTask('t'), undefined);
    });

    it('sends what the contract asks for, and no content type without content', async () => {
      bench.server.script(json(200, session), json(200, session));
      await bench.client({ baseUrl: `${bench.server.url}/behind/a/prefix/` }).sendHeartbeat('a/b');
      await bench.client({ apiKey: undefined }).archiveSession(SESSION_ID);
      const [first, second] = bench.server.requests;
      assert.equal(first?.url, '/behind/a/prefix/api/sessions/a%2Fb/heartbeat');
      assert.equal(first?.headers.authorization, 'Bearer 5d2c1b0a-9f8e-4d7c-8b6a-123456789abc');
      assert.equal(first?.headers['user-agent'], `claude-projects-client/${bench.module.CLIENT_VERSION}`);
      assert.equal(first?.headers['content-type'], undefined);
      assert.equal(first?.body, '');
      assert.equal(second?.headers.authorization, undefined);
    });

    it('rejects what could never be sent', async () => {
      await rejection(bench.client().getSession(''), TypeError);
      await rejection(bench.client().getSession('..'), TypeError);
      await rejection(bench.client().getSession('x', { timeoutMs: 0 }), RangeError);
    });

    it('says so when nobody is there', async () => {
      const gone = await FaultServer.start();
      const baseUrl = gone.url;
      await gone.close();
      const error = await rejection(bench.client({ baseUrl }).getHealth(), bench.module.UnavailableError);
      assert.equal(error.code, 'NETWORK_ERROR');
      assert.equal(error.status, undefined);
      assert.match(error.message, /ECONNREFUSED/);
    });

    it('lets an adapter answer in the place of the network', async () => {
      const client = bench.client({
        adapter: (config) => Promise.resolve({ data: session, status: 200, statusText: 'OK', headers: {}, config }),
      });
      assert.deepEqual(await client.getSession(SESSION_ID), session);
    });
  });
}
