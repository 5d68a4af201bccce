import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { SECOND } from '../support/fake-clock.ts';
import { type ApiBehindProxy, startApiBehindProxy } from './support/api-behind-proxy.ts';
import { refuseUnhandledRejections } from './support/unhandled-rejections.ts';

/** Few: a transaction whose connection was lost stays open in the database until that ends it, and holds resources there. */
const WRITERS = 3;
const ROUNDS = 2;

describe('faults: what MongoDB acknowledged', () => {
  refuseUnhandledRejections();

  let behind: ApiBehindProxy;
  beforeEach(async () => {
    behind = await startApiBehindProxy(1000);
  });
  afterEach(() => behind.close());

  it('is there after any fault: every session whose create was answered, and no two of one', async () => {
    const { api, proxy } = behind;
    const acknowledged: string[] = [];
    const enough = new AbortController();
    const write = async () => {
      while (!enough.signal.aborted) {
        const session_id = randomUUID();
        const body = { session_id, project_id: session_id, machine_id: session_id };
        // As a client does: the same create again until it is answered.
        for (let attempt = 0; attempt < 3 && !enough.signal.aborted; attempt++) {
          const { status } = await api.call('POST', '/api/sessions', body);
          if (status === 201 || status === 200) {
            acknowledged.push(session_id);
            break;
          }
          // The circuit is kept from staying open, so that the writes meet the faults.
          api.clock.advance(30 * SECOND);
        }
      }
    };
    const untilMore = async (count: number) => {
      const wanted = acknowledged.length + count;
      while (acknowledged.length < wanted) await api.call('GET', '/health');
    };
    const writers = Array.from({ length: WRITERS }, write);
    for (let round = 0; round < ROUNDS; round++) {
      await untilMore(20);
      proxy.reset();
      await untilMore(20);
      proxy.hang();
      await api.call('GET', '/health/ready');
      proxy.reset();
      await proxy.restore();
      await untilMore(20);
      await proxy.cut();
      await api.call('GET', '/health/ready');
      await proxy.restore();
    }
    await untilMore(20);
    enough.abort();
    await Promise.all(writers);

    assert.ok(acknowledged.length >= 20 * (3 * ROUNDS + 1));
    const { total } = await api.storage.sessions.list({}, { limit: 1, offset: 0 });
    const missing: string[] = [];
    for (const id of acknowledged) {
      if (!(await api.storage.sessions.get(id))) missing.push(id);
    }
    assert.deepEqual(missing, []);
    // More may be there: those whose reply was lost and that nobody asked for again.
    assert.ok(total >= acknowledged.length);
    assert.equal(new Set(acknowledged).size, acknowledged.length);
  });
});
