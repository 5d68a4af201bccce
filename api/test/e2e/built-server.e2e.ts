import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StateTrackingApiClient } from '@claude-projects/shared/client';
import { RunningProgram } from './running-program.ts';

const bundle = join(import.meta.dirname, '../../dist/server.mjs');
const listening = /"url":"([^"]+)"/;

describe('the built server', () => {
  let folder: string;
  let program: RunningProgram | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'claude-projects-e2e-'));
    copyFileSync(bundle, join(folder, 'server.mjs'));
  });

  afterEach(async () => {
    await program?.dispose();
    program = undefined;
    rmSync(folder, { recursive: true });
  });

  function start(env: NodeJS.ProcessEnv, nodeOptions: readonly string[] = []): RunningProgram {
    program = new RunningProgram(process.execPath, [...nodeOptions, 'server.mjs'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], PORT: '0', ...env },
    });
    return program;
  }

  it('runs from a directory that holds nothing else, and keeps its data there', async () => {
    const apiKey = randomUUID();
    const server = start({ API_KEYS: apiKey });
    const baseUrl = await server.untilPrinted(listening);
    const client = new StateTrackingApiClient({ baseUrl, apiKey });
    const session = await client.createSession({ project_id: 'project', machine_id: 'machine' });
    await client.sendHeartbeat(session.session_id);
    server.signal('SIGTERM');
    assert.equal(await server.untilExit(), 0);
    assert.deepEqual(readdirSync(folder).toSorted(), ['.data', 'server.mjs']);

    const again = start({ API_KEYS: apiKey });
    const sameData = new StateTrackingApiClient({ baseUrl: await again.untilPrinted(listening), apiKey });
    assert.equal((await sameData.getSession(session.session_id)).status, 'active');
  });

  it('serves its reference page and document', async () => {
    const url = await start({ API_KEYS: randomUUID() }).untilPrinted(listening);
    assert.match(await (await fetch(`${url}/api/docs`)).text(), /<!doctype html>/);
    const client = new StateTrackingApiClient({ baseUrl: url });
    assert.equal((await client.getOpenApi()).openapi, '3.1.0');
  });

  it('AC-1.2.d AC-1.3.f refuses to start without keys, and says how to make one', async () => {
    const server = start({});
    assert.equal(await server.untilExit(), 1);
    assert.match(server.output, /API_KEYS: is required/);
    assert.doesNotMatch(server.output, /\n\s+at /);
  });

  it('names every wrong variable at once', async () => {
    const server = start({ PORT: 'none', STALL_THRESHOLD_MS: '-1', API_KEYS: 'secret-but-malformed' });
    assert.equal(await server.untilExit(), 1);
    for (const name of ['PORT', 'STALL_THRESHOLD_MS', 'API_KEYS'])
      assert.match(server.output, new RegExp(`- ${name}:`));
    assert.doesNotMatch(server.output, /secret-but-malformed/);
  });

  it('says which port is in use', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const address = other.address();
    assert.ok(typeof address === 'object' && address !== null);
    const server = start({ API_KEYS: randomUUID(), PORT: String(address.port) });
    const code = await server.untilExit();
    other.close();
    assert.equal(code, 1);
    assert.match(server.output, new RegExp(`^Port ${address.port} is in use\\.`, 'm'));
  });

  it('says what to do when its data cannot be used', async () => {
    writeFileSync(join(folder, 'occupied'), 'a file where a directory is wanted');
    const server = start({ API_KEYS: randomUUID(), DATA_DIR: join(folder, 'occupied') });
    assert.equal(await server.untilExit(), 1);
    assert.match(server.output, /occupied/);
    assert.doesNotMatch(server.output, /\n\s+at /);
  });

  it('names the Node.js version it needs when SQLite is missing', async () => {
    const server = start({ API_KEYS: randomUUID() }, ['--no-experimental-sqlite']);
    assert.equal(await server.untilExit(), 1);
    assert.match(server.output, /^The embedded database needs Node\.js 22\.13 or newer, .*\n$/);
  });

  it('says that another program has locked its data', async () => {
    mkdirSync(join(folder, '.data'));
    const other = new DatabaseSync(join(folder, '.data', 'claude-projects.db'));
    other.exec('BEGIN EXCLUSIVE');
    const server = start({ API_KEYS: randomUUID() });
    const code = await server.untilExit();
    other.close();
    assert.equal(code, 1);
    assert.match(server.output, /Another process kept .* locked for too long: close whatever else works on it/);
    assert.doesNotMatch(server.output, /\n\s+at /);
  });

  it('says which MongoDB it cannot reach, and never with which password', async () => {
    const server = start({
      API_KEYS: randomUUID(),
      MONGODB_URI: 'mongodb://user:hunter2@127.0.0.1:1/db?serverSelectionTimeoutMS=300',
    });
    assert.equal(await server.untilExit(), 1);
    assert.match(server.output, /127\.0\.0\.1:1/);
    assert.doesNotMatch(server.output, /hunter2|\n\s+at /);
  });
});
