import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DetailedHealth, SessionList } from '@claude-projects/shared/contract';
import { EXIT } from '../../src/local-server/exit-codes.ts';
import type { ServerFile } from '../../src/local-server/server-file.ts';
import { migrate } from '../../src/storage/sqlite/schema/migrate.ts';
import { MIGRATIONS } from '../../src/storage/sqlite/schema/migrations.ts';
import { readVersion } from '../../src/storage/sqlite/schema/version.ts';
import { databaseIn, temporaryDirectory } from '../storage/sqlite/support/directories.ts';
import { ServerProcess } from './support/server-process.ts';

const onWindows = process.platform === 'win32';

describe('the local server process', function () {
  this.timeout(60_000);

  let folder: string;
  let servers: ServerProcess[];

  beforeEach(() => {
    folder = join(temporaryDirectory(), 'local-server');
    servers = [];
  });
  afterEach(async () => {
    for (const server of servers) await server.dispose();
  });

  function start(env: Readonly<Record<string, string>> = {}): ServerProcess {
    const server = new ServerProcess(folder, env);
    servers.push(server);
    return server;
  }

  function call({ port, key }: ServerFile, path: string, { method = 'GET', as = key, body }: CallOptions = {}) {
    return fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { ...(as !== null && { 'X-API-Key': as }), ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  it('serves whoever has the key of this launch, and nobody else', async () => {
    const published = await start().untilPublished();
    assert.equal((await call(published, '/api/sessions')).status, 200);
    assert.equal((await call(published, '/api/sessions', { as: null })).status, 401);
    assert.equal((await call(published, '/api/sessions', { as: randomUUID() })).status, 401);
    assert.equal((await call(published, '/local-server/end', { method: 'POST', as: null })).status, 401);
    assert.equal((await call(published, '/health', { as: null })).status, 200);
  });

  it('proves that it knows the key, without being sent it', async () => {
    const published = await start().untilPublished();
    const challenge = 'c0'.repeat(32);
    const reply = await call(published, `/local-server/proof?challenge=${challenge}`, { as: null });
    const proof = createHmac('sha256', published.key).update(`${published.instance} ${challenge}`).digest('hex');
    assert.deepEqual(await reply.json(), {
      service: 'claude-projects',
      instance: published.instance,
      version: published.version,
      proof,
    });
    for (const query of ['', '?challenge=', `?challenge=${challenge}00`, `?challenge=${challenge}&more=1`]) {
      assert.equal((await call(published, `/local-server/proof${query}`, { as: null })).status, 400, query);
    }
  });

  it('does each job once it runs, as it may have missed all of their turns', async () => {
    const published = await start().untilPublished();
    for (;;) {
      const reply = await call(published, '/health/detailed');
      const { jobs } = DetailedHealth.parse(await reply.json()).dependencies.background_jobs;
      assert.equal(jobs.length, 3);
      if (jobs.every(({ last_run, status }) => last_run !== null && status === 'ok')) return;
    }
  });

  it('keeps its heap modest from when it listens on, like any server over SQLite', async () => {
    const tellFlags = new URL('./support/tell-flags.ts', import.meta.url).href;
    const server = start({ NODE_OPTIONS: `--import=${tellFlags}` });
    await server.untilPublished();
    server.signal('SIGKILL');
    await server.untilExit();
    const told = server.errors.split('\n').filter((line) => line.startsWith('V8 was told '));
    assert.deepEqual(told, [
      'V8 was told --semi-space-growth-factor=1',
      'V8 was told --no-allocation-site-pretenuring',
    ]);
  });

  it('leaves the folder to the one that serves it, and says so by its exit code', async () => {
    const published = await start().untilPublished();
    const second = start();
    assert.equal(await second.untilExit(), EXIT.anotherServes);
    assert.equal(second.errors, '');
    assert.equal((await call(published, '/api/sessions')).status, 200);
  });

  it('ends in order when it is asked to, and leaves no file that names it', async () => {
    const server = start();
    const published = await server.untilPublished();
    // By two windows at once, after an update.
    const asked = [1, 2].map(() => call(published, '/local-server/end', { method: 'POST' }));
    for (const reply of await Promise.all(asked)) assert.equal(reply.status, 202);
    assert.equal(await server.untilExit(), EXIT.done);
    assert.deepEqual(readdirSync(folder).toSorted(), ['claude-projects.db', 'server.lock', 'server.log']);
  });

  (onWindows ? it.skip : it)('ends in order on SIGTERM (which Windows does not have)', async () => {
    const server = start();
    await server.untilPublished();
    server.signal('SIGTERM');
    assert.equal(await server.untilExit(), EXIT.done);
    assert.ok(!existsSync(join(folder, 'server.json')));
  });

  it('ends when nobody calls with the key, whoever else knocks', async () => {
    const server = start({ CLAUDE_PROJECTS_LOCAL_IDLE_MS: '400' });
    const published = await server.untilPublished();
    const ended = server.untilExit();
    // Until it is gone, and the next knock finds nobody.
    for (let answered = true; answered; ) {
      answered = await call(published, '/health', { as: null }).then(
        ({ ok }) => ok,
        () => false,
      );
    }
    assert.equal(await ended, EXIT.done);
  });

  it('follows one that was killed, with its data, and with a key of its own', async () => {
    const first = start();
    const before = await first.untilPublished();
    const session_id = randomUUID();
    const body = { session_id, project_id: 'project', machine_id: 'machine' };
    assert.equal((await call(before, '/api/sessions', { method: 'POST', body })).status, 201);
    first.signal('SIGKILL');
    await first.untilExit();
    writeFileSync(join(folder, `server.json.${randomUUID()}`), 'half of a');
    const second = start();
    const after = await second.untilPublished(before);
    assert.notEqual(after.key, before.key);
    assert.equal((await call(after, `/api/sessions/${session_id}`)).status, 200);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('server.json')),
      ['server.json'],
    );
  });

  for (let version = 1; version < MIGRATIONS.length; version += 1) {
    it(`brings data of version ${version} to the newest, without loss`, async () => {
      mkdirSync(folder);
      const old = new DatabaseSync(databaseIn(folder));
      migrate(old, MIGRATIONS.slice(0, version), databaseIn(folder));
      const now = Date.now();
      for (let session = 0; session < 50; session += 1) {
        old.exec(`INSERT INTO sessions (${COLUMNS}) VALUES ('${randomUUID()}', 'project', 'machine-${session}', 'active',
          'working', ${now}, ${now}, ${now}, 0, '{"number":${session}}', 0, 'digest', ${now}, ${now})`);
      }
      old.close();
      const published = await start().untilPublished();
      const reply = await call(published, '/api/sessions?limit=100');
      const { total, sessions } = SessionList.parse(await reply.json());
      assert.equal(total, 50);
      assert.deepEqual(
        sessions.map(({ metadata }) => Number(metadata['number'])).sort((one, other) => one - other),
        Array.from({ length: 50 }, (_, number) => number),
      );
      const migrated = new DatabaseSync(databaseIn(folder));
      assert.equal(readVersion(migrated), MIGRATIONS.length);
      migrated.close();
    });
  }

  for (const name of ['server.lock', 'server.log', 'claude-projects.db']) {
    it(`says what to do where ${name} cannot be used`, async () => {
      mkdirSync(join(folder, name), { recursive: true });
      const server = start();
      assert.equal(await server.untilExit(), EXIT.unusable);
      assert.ok(server.errors.includes(folder), server.errors);
      assert.doesNotMatch(server.errors, /\n\s+at /);
    });
  }

  it('refuses data of a newer version, says so, and leaves it as it is', async () => {
    mkdirSync(folder);
    const newer = new DatabaseSync(databaseIn(folder));
    migrate(newer, [...MIGRATIONS, 'CREATE TABLE of_the_future (a INTEGER) STRICT'], databaseIn(folder));
    newer.close();
    const server = start();
    assert.equal(await server.untilExit(), EXIT.unusable);
    assert.match(server.errors, /written by a newer version/);
    assert.doesNotMatch(server.errors, /\n\s+at /);
    const untouched = new DatabaseSync(databaseIn(folder));
    assert.equal(readVersion(untouched), MIGRATIONS.length + 1);
    untouched.close();
  });
});

interface CallOptions {
  method?: string;
  /** The key to send; null for none. */
  as?: string | null;
  body?: object;
}

const COLUMNS = `session_id, project_id, machine_id, status, activity, last_heartbeat, last_progress_at, started_at,
  recovery_attempts, metadata, next_position, created_from, created_at, updated_at`;
