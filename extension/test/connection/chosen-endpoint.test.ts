import assert from 'node:assert/strict';
import { ChosenEndpoint } from '../../src/connection/chosen-endpoint.ts';
import { LocalServerError } from '../../src/local-server/local-server-error.ts';
import type { LocalServerState } from '../../src/local-server/local-server-state.ts';
import { Emitter } from '../../src/platform/emitter.ts';
import type { Settings } from '../../src/settings/settings.ts';

const KEY = '11111111-1111-4111-8111-111111111111';
const never = new AbortController().signal;

const fault = (error: unknown) => {
  throw error;
};

describe('the choice of the API', () => {
  const setUp = (changes: Partial<Settings> = {}, key?: string) => {
    const settingsChanged = new Emitter<Settings>(fault);
    const keysChanged = new Emitter<void>(fault);
    const serverChanged = new Emitter<LocalServerState>(fault);
    const settings = {
      current: {
        serverMode: 'auto',
        apiBaseUrl: 'https://api.example',
        projectId: undefined,
        machineId: undefined,
        dockerSlot: undefined,
        heartbeatIntervalSeconds: 60,
        refreshIntervalSeconds: 15,
        recoveryPrompting: 'always',
        groupBy: 'health',
        trace: false,
        ...changes,
      } satisfies Settings as Settings,
      onDidChange: settingsChanged.event,
    };
    const state = { key, instance: 'one', asked: 0, unreachable: [] as (string | undefined)[], changes: 0 };
    const server = {
      error: undefined as LocalServerError | undefined,
      async ensure() {
        state.asked += 1;
        if (server.error) throw server.error;
        serverChanged.fire(running(state.instance));
        return { baseUrl: 'http://127.0.0.1:4000', apiKey: 'local-key', instance: state.instance };
      },
      reportUnreachable: (instance?: string) => void state.unreachable.push(instance),
      onDidChange: serverChanged.event,
    };
    const endpoint = new ChosenEndpoint({
      settings,
      keys: { get: async () => state.key, onDidChange: keysChanged.event },
      localServer: server,
      onFault: fault,
    });
    endpoint.onDidChange(() => (state.changes += 1));
    return { endpoint, settings, settingsChanged, keysChanged, serverChanged, server, state };
  };

  it('takes the local server where no key is known, and the remote API where one is', async () => {
    const { endpoint, state } = setUp();
    const local = await endpoint.resolve(never);
    assert.ok(local.kind === 'ready' && local.address.mode === 'local');
    state.key = KEY;
    const remote = await endpoint.resolve(never);
    assert.ok(remote.kind === 'ready');
    assert.deepEqual(remote.address, { mode: 'remote', baseUrl: 'https://api.example' });
    assert.equal(remote.apiKey, KEY);
  });

  it('obeys the setting: local with a key, remote without one', async () => {
    const local = setUp({ serverMode: 'local' }, KEY);
    const found = await local.endpoint.resolve(never);
    assert.ok(found.kind === 'ready' && found.address.mode === 'local' && found.apiKey === 'local-key');
    const remote = setUp({ serverMode: 'remote' });
    assert.deepEqual(await remote.endpoint.resolve(never), { kind: 'key-missing' });
    assert.equal(remote.state.asked, 0, 'no server is started');
  });

  it('never sends a key to another place than the one that was set', async () => {
    const { endpoint } = setUp({ apiBaseUrl: undefined }, KEY);
    assert.equal((await endpoint.resolve(never)).kind, 'unusable');
  });

  it('tells what waiting can mend from what a person must', async () => {
    const { endpoint, server } = setUp();
    server.error = new LocalServerError('not-started', 'slow');
    assert.deepEqual(await endpoint.resolve(never), { kind: 'unreachable', reason: 'slow' });
    server.error = new LocalServerError('runtime-missing', 'no node');
    assert.deepEqual(await endpoint.resolve(never), { kind: 'unusable', reason: 'no node' });
  });

  it('passes on that nobody answers, with the instance that does not', async () => {
    const { endpoint, state } = setUp();
    endpoint.reportUnreachable();
    await endpoint.resolve(never);
    endpoint.reportUnreachable();
    assert.deepEqual(state.unreachable, ['one']);
  });

  it('tells when another answer is to be had, and only then', async () => {
    const { endpoint, settings, settingsChanged, keysChanged, serverChanged, state } = setUp();
    await endpoint.resolve(never);
    serverChanged.fire(running('one'));
    settingsChanged.fire({ ...settings.current, groupBy: 'machine' });
    assert.equal(state.changes, 0);
    serverChanged.fire(running('two'));
    assert.equal(state.changes, 1);
    keysChanged.fire();
    settingsChanged.fire({ ...settings.current, serverMode: 'remote' });
    assert.equal(state.changes, 3);
  });
});

function running(instance: string): LocalServerState {
  return { kind: 'running', baseUrl: 'http://127.0.0.1:4000', version: '1', instance };
}
