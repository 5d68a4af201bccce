import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { StateTrackingApiClient } from '@claude-projects/shared/client';
import { SessionList } from '@claude-projects/shared/contract';
import { freshDatabase, type TestDatabase } from '../storage/mongo/test-engine.ts';
import { DeployedApi } from './support/deployed-api.ts';
import { HttpFront } from './support/http-front.ts';
import { Unpacked } from './support/unpacked.ts';

describe("the API's bundle behind a gateway that speaks HTTP", () => {
  let database: TestDatabase;
  let unpacked: Unpacked;
  let api: DeployedApi;
  let front: HttpFront;
  before(async () => {
    database = await freshDatabase();
    unpacked = await Unpacked.function('lambda');
    api = await DeployedApi.start(unpacked.folder, database.uri);
    front = await HttpFront.start(api.instance);
  });
  after(async () => {
    await front[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
    unpacked[Symbol.dispose]();
    await database.drop();
  });

  it('serves the client that the extension uses, many calls at once', async () => {
    const client = new StateTrackingApiClient({ baseUrl: front.url, apiKey: api.key });
    const sessions = await Promise.all(
      Array.from({ length: 5 }, () =>
        client.createSession({ project_id: 'project', machine_id: `machine-${randomUUID()}` }),
      ),
    );
    const beats = await Promise.all(sessions.map(({ session_id }) => client.sendHeartbeat(session_id)));
    assert.deepEqual(
      beats.map(({ session_id, status }) => [session_id, status]),
      sessions.map(({ session_id }) => [session_id, 'active']),
    );
  });

  it('serves lists that were compressed on their way to the client that the extension uses', async () => {
    const client = new StateTrackingApiClient({ baseUrl: front.url, apiKey: api.key });
    const project_id = `listed-${randomUUID()}`;
    for (let machine = 0; machine < 5; machine += 1) {
      await client.createSession({ project_id, machine_id: `machine-${randomUUID()}` });
    }
    const listed = await client.listSessions({ project_id });
    assert.equal(listed.sessions.length, 5);
    // As the client asks, and as any caller does by fetch.
    const reply = await fetch(`${front.url}/api/sessions?project_id=${project_id}`, {
      headers: { 'x-api-key': api.key },
    });
    assert.equal(reply.headers.get('content-encoding'), 'gzip');
    assert.deepEqual(SessionList.parse(await reply.json()).sessions, listed.sessions);
  });

  it('passes on how a request was refused', async () => {
    const { status, headers } = await fetch(`${front.url}/api/sessions?limit=none`, {
      headers: { 'x-api-key': api.key },
    });
    assert.equal(status, 400);
    assert.ok(headers.get('x-request-id'));
  });
});
