import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { StateTrackingApiClient } from '@claude-projects/shared/client';
import type { ServerEndpoint } from '../../src/local-server/endpoint.ts';
import { LocalServerError, type LocalServerFailure } from '../../src/local-server/local-server-error.ts';
import { BUNDLED_VERSION, serverBundle } from './support/server-bundle.ts';
import { ServerFolder } from './support/server-folder.ts';
import { openTestWindow, type TestWindow, type TestWindowOptions } from './support/test-window.ts';
import { isAlive, until, untilGone } from './support/until.ts';

const NEWER = '9.0.0';
const onWindows = process.platform === 'win32';
const never = new AbortController().signal;

describe('the local server', function () {
  this.timeout(90_000);

  let folder: ServerFolder;
  let windows: TestWindow[];

  beforeEach(() => {
    folder = new ServerFolder();
    windows = [];
  });
  afterEach(async () => {
    for (const window of windows) {
      window.dispose();
      for (const process of window.started) {
        process.kill();
        await process.ended;
      }
    }
    await folder.dispose();
  });

  async function open(options: Partial<TestWindowOptions> = {}): Promise<TestWindow> {
    const script = options.script ?? (await serverBundle());
    const window = openTestWindow({ folder: folder.path, version: BUNDLED_VERSION, ...options, script });
    windows.push(window);
    return window;
  }

  const clientOf = ({ baseUrl, apiKey }: ServerEndpoint) => new StateTrackingApiClient({ baseUrl, apiKey, retries: 0 });
  const newSession = (endpoint: ServerEndpoint) =>
    clientOf(endpoint).createSession({ project_id: randomUUID(), machine_id: 'machine' });

  it('is one small file, without the driver of a database it does not use', async () => {
    const script = await serverBundle();
    assert.ok(statSync(script).size <= 2 * 1024 * 1024);
    assert.ok(!readFileSync(script, 'utf8').includes('mongoose'));
  });

  it('is started for the first window and found by the next, and is for its owner only', async () => {
    const first = await open();
    const second = await open();
    const endpoint = await first.server.ensure(never);
    const session = await newSession(endpoint);
    const same = await second.server.ensure(never);
    assert.deepEqual(same, endpoint);
    assert.equal((await clientOf(same).getSession(session.session_id)).status, 'active');
    assert.equal(second.started.length, 0);
    assert.deepEqual(
      first.states.map(({ kind }) => kind),
      ['starting', 'running'],
    );
    const { pid } = folder.published();
    first.dispose();
    assert.ok(isAlive(pid), 'the window that started it leaves it to the others');
    assert.equal((await clientOf(same).getSession(session.session_id)).status, 'active');
  });

  (onWindows ? it.skip : it)('keeps its folder and files for their owner (no such modes on Windows)', async () => {
    await (await open()).server.ensure(never);
    assert.equal(statSync(folder.path).mode & 0o777, 0o700);
    for (const name of ['server.json', 'server.lock', 'server.log', 'claude-projects.db']) {
      assert.equal(statSync(join(folder.path, name)).mode & 0o777, 0o600, name);
    }
  });

  it('never shows its key in a log or a state', async () => {
    const window = await open();
    const endpoint = await window.server.ensure(never);
    await newSession(endpoint);
    await assert.rejects(clientOf({ ...endpoint, apiKey: randomUUID() }).listSessions());
    const shown = [folder.read('server.log'), ...window.log.lines, JSON.stringify(window.states)].join('\n');
    assert.match(shown, /Listening/);
    assert.ok(!shown.includes(endpoint.apiKey));
  });

  it('has another key after each start', async () => {
    const window = await open();
    const before = await window.server.ensure(never);
    const after = await window.server.restart(never);
    assert.notEqual(after.apiKey, before.apiKey);
    assert.notEqual(after.instance, before.instance);
    await assert.rejects(clientOf({ ...after, apiKey: before.apiKey }).listSessions(), { code: 'API_KEY_INVALID' });
  });

  it('killed with SIGKILL is back within 5 s with all it acknowledged, and both windows go on', async () => {
    const starter = await open();
    const other = await open();
    const before = await starter.server.ensure(never);
    await other.server.ensure(never);
    const sessions = await Promise.all(Array.from({ length: 20 }, () => newSession(before)));
    const killedAt = performance.now();
    process.kill(folder.published().pid, 'SIGKILL');
    await assert.rejects(
      until('a call fails', async () => {
        await clientOf(before).listSessions();
        return undefined;
      }),
      { code: 'NETWORK_ERROR' },
    );
    other.server.reportUnreachable(before.instance);
    const after = await other.server.ensure(never);
    for (const { session_id } of sessions) {
      assert.equal((await clientOf(after).getSession(session_id)).status, 'active');
    }
    const took = performance.now() - killedAt;
    assert.ok(took < 5000, `took ${took} ms`);
    const alsoAfter = await until('the window that started it noticed by itself', () => {
      const { state } = starter.server;
      return state.kind === 'running' && state.instance !== before.instance ? state : undefined;
    });
    assert.equal(alsoAfter.instance, after.instance);
    await newSession(await starter.server.ensure(never));
  });

  it('is not taken for dead because one call failed', async () => {
    const window = await open();
    const before = await window.server.ensure(never);
    window.server.reportUnreachable();
    assert.deepEqual(await window.server.ensure(never), before);
    assert.equal(window.started.length, 1);
  });

  for (const [what, answer] of foreignServers()) {
    it(`is not ${what} that took the port of one that died, which never sees the key`, async () => {
      const stale = { key: randomUUID(), pid: process.pid, version: '9.9.9', instance: randomUUID() };
      const { port, seen, close } = await startForeignServer((_request, response) => answer(response, stale.instance));
      try {
        mkdirSync(folder.path);
        folder.publish({ ...stale, port, startedAt: new Date().toISOString() });
        const endpoint = await (await open()).server.ensure(never);
        assert.notEqual(endpoint.baseUrl, `http://127.0.0.1:${port}`);
        await newSession(endpoint);
        assert.ok(seen.length > 0, 'it was asked');
        assert.ok(!seen.join('\n').includes(stale.key));
      } finally {
        close();
      }
    });
  }

  for (const garbage of ['', '{', 'null', '{"port":"80"}', '{"port":99999999}', '\u0000\u0001']) {
    it(`is started in spite of a server.json that holds ${JSON.stringify(garbage)}`, async () => {
      mkdirSync(folder.path);
      writeFileSync(folder.serverFile, garbage);
      await newSession(await (await open()).server.ensure(never));
    });
  }

  it('ends when nobody calls, removes its file, and is started again when somebody does', async () => {
    const window = await open({ env: { ...process.env, CLAUDE_PROJECTS_LOCAL_IDLE_MS: '500' } });
    const endpoint = await window.server.ensure(never);
    const session = await newSession(endpoint);
    await until('it ended', () => (window.server.state.kind === 'stopped' ? true : undefined));
    assert.ok(!existsSync(folder.serverFile));
    const again = await window.server.ensure(never);
    assert.equal((await clientOf(again).getSession(session.session_id)).session_id, session.session_id);
  });

  (onWindows ? it.skip : it)('ends in order on SIGTERM (which Windows does not have)', async () => {
    const window = await open();
    await window.server.ensure(never);
    const { pid } = folder.published();
    process.kill(pid, 'SIGTERM');
    await untilGone(pid);
    assert.ok(!existsSync(folder.serverFile));
    await until('the window knows', () => (window.server.state.kind === 'stopped' ? true : undefined));
  });

  (onWindows ? it.skip : it)(
    'that hangs is replaced by a restart (not on Windows, where it cannot be stopped)',
    async () => {
      const window = await open();
      const before = await window.server.ensure(never);
      const { pid } = folder.published();
      process.kill(pid, 'SIGSTOP');
      const after = await window.server.restart(never);
      assert.notEqual(after.instance, before.instance);
      await newSession(after);
      await untilGone(pid);
    },
  );

  it('of an older version makes way, and the windows of before go on with the newer one', async () => {
    const old = await open();
    const before = await old.server.ensure(never);
    const { pid } = folder.published();
    const session = await newSession(before);
    const updated = await open({ script: await serverBundle(NEWER), version: NEWER });
    const after = await updated.server.ensure(never);
    assert.equal((await clientOf(after).getHealth()).version, NEWER);
    assert.equal((await clientOf(after).getSession(session.session_id)).status, 'active');
    await untilGone(pid);
    await until('the old window noticed the orderly end', () =>
      old.server.state.kind === 'running' ? undefined : true,
    );
    assert.deepEqual(await old.server.ensure(never), after);
    assert.equal(old.started.length, 1);
  });

  it('says what to do where its folder cannot be made', async () => {
    mkdirSync(join(folder.path, '..'), { recursive: true });
    writeFileSync(folder.path, 'a file where a folder is wanted');
    const window = await open();
    await rejectsWith(window.server.ensure(never), 'unusable', /cannot be used/);
    assert.equal(window.server.state.kind, 'failed');
    await rejectsWith(window.server.ensure(never), 'unusable', /cannot be used/);
  });

  it('says what to do where its data cannot be used', async () => {
    mkdirSync(join(folder.path, 'claude-projects.db'), { recursive: true });
    await rejectsWith((await open()).server.ensure(never), 'unusable', /claude-projects\.db/);
  });

  it('says what to install where nothing can run it', async () => {
    const window = await open({ execPath: join(folder.path, 'no-such-program'), env: { PATH: folder.path } });
    await rejectsWith(window.server.ensure(never), 'runtime-missing', /Node\.js 22\.13 or newer/);
  });

  it('falls back to the Node on the PATH', async () => {
    const window = await open({ execPath: join(folder.path, 'no-such-program') });
    await newSession(await window.server.ensure(never));
  });

  it('says so when the program ends before it serves', async () => {
    await rejectsWith((await open({ script: join(folder.path, 'missing.mjs') })).server.ensure(never), 'not-started');
  });

  it('is waited for no longer than the caller likes', async () => {
    const window = await open();
    const controller = new AbortController();
    const waiting = window.server.ensure(controller.signal);
    controller.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
    assert.equal(window.server.state.kind, 'stopped');
    await newSession(await window.server.ensure(never));
  });
});

async function rejectsWith(work: Promise<unknown>, kind: LocalServerFailure, message = /./): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof LocalServerError, String(error));
    assert.equal(error.kind, kind, error.message);
    assert.match(error.message, message);
    return true;
  });
}

function foreignServers(): [string, (response: ServerResponse, instance: string) => void][] {
  const json = (response: ServerResponse, body: object) =>
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  return [
    ['a web page', (response) => response.end('<!doctype html><title>Hello</title>')],
    ['a server of something else', (response) => json(response, { status: 'ok', service: 'other' })],
    [
      'an impostor',
      (response, instance) =>
        json(response, {
          service: 'claude-projects',
          status: 'ok',
          instance,
          version: '9.9.9',
          proof: 'ab'.repeat(32),
        }),
    ],
    ['a redirect', (response) => response.writeHead(302, { Location: 'http://127.0.0.1:9/' }).end()],
    [
      'an endless answer',
      (response) => {
        const more = () => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
        };
        response.on('drain', more);
        more();
      },
    ],
  ];
}

async function startForeignServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ port: number; seen: string[]; close: () => void }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.url ?? ''} ${JSON.stringify(request.rawHeaders)}`);
    request.on('data', (chunk) => seen.push(String(chunk)));
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    port: address.port,
    seen,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
