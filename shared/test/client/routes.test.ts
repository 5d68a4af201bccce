import assert from 'node:assert/strict';
import * as client from '../../src/client/index.ts';
import { StateTrackingApiClient } from '../../src/client/index.ts';
import { ROUTES, type RouteName } from '../../src/contract/routes.ts';
import { clientBench } from '../support/client-suite.ts';
import { refusal } from '../support/steps.ts';

// A route without a method fails to compile here, and so does a method that takes something else first.
const allMethods: (client: StateTrackingApiClient) => Record<RouteName, unknown> = (client) => client;

describe('the methods of the client', () => {
  const bench = clientBench(() => client);

  it('are the routes of the contract, no more and no less', () => {
    const methods = Object.getOwnPropertyNames(StateTrackingApiClient.prototype).filter(
      (name) => name !== 'constructor',
    );
    assert.deepEqual(methods.sort(), Object.keys(ROUTES).sort());
  });

  for (const [name, route] of Object.entries(ROUTES)) {
    it(`${name} sends ${route.method} ${route.path}`, async () => {
      bench.server.script(refusal('PAYLOAD_TOO_LARGE'));
      const method: unknown = Object.entries(methodsOf(bench.client())).find(([key]) => key === name)?.[1];
      assert(typeof method === 'function');
      const ids = [...route.path.matchAll(/:\w+/g)].map((_, index) => `id-${index}`);
      const sent = 'query' in route ? [{ limit: 7 }] : 'body' in route ? [{ marker: 7 }] : [];
      await assert.rejects(Promise.resolve(Reflect.apply(method, bench.client(), [...ids, ...sent])), { status: 413 });
      const [request] = bench.server.requests;
      assert.equal(request?.method, route.method);
      const path = route.path.replace(/:\w+/, 'id-0');
      assert.equal(request.url, 'query' in route ? `${path}?limit=7` : path);
      assert.equal(request.body, 'body' in route ? '{"marker":7}' : '');
    });
  }
});

/** Methods live on the prototype, where `Object.entries` does not see them. */
function methodsOf(client: StateTrackingApiClient): Record<string, unknown> {
  const methods: Record<string, unknown> = allMethods(client);
  return Object.fromEntries(Object.keys(ROUTES).map((name) => [name, methods[name]]));
}
