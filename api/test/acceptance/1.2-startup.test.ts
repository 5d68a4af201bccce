import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod/mini';
import { AuthModule } from '../../src/auth/auth.module.ts';
import { readConfiguration } from '../../src/config/configuration.ts';
import { HealthController } from '../../src/health/health.controller.ts';
import { HealthModule } from '../../src/health/health.module.ts';
import { MachinesModule } from '../../src/machines/machines.module.ts';
import { MachinesService } from '../../src/machines/machines.service.ts';
import { SessionsModule } from '../../src/sessions/sessions.module.ts';
import { SessionsService } from '../../src/sessions/sessions.service.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { TasksModule } from '../../src/tasks/tasks.module.ts';
import { TasksService } from '../../src/tasks/tasks.service.ts';
import { refused } from '../support/refused.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

const API = new URL('../../', import.meta.url);
const Manifest = z.object({ version: z.string(), dependencies: z.optional(z.record(z.string(), z.string())) });
const readJson = (path: URL | string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const run = promisify(execFile);

describe('1.2 the project and its start', () => {
  let api: TestApi;
  before(async () => {
    api = await startTestApi();
  });
  after(() => api.close());

  it('AC-1.2.a package.json names what the API stands on, each in an exact version, all of Nest in one major', () => {
    const { dependencies = {} } = Manifest.parse(readJson(new URL('package.json', API)));
    const needed = [
      '@nestjs/common',
      '@nestjs/core',
      '@nestjs/platform-fastify',
      '@nestjs/schedule',
      'fastify',
      'mongoose',
      'pino',
      'zod',
    ];
    for (const name of needed) assert.match(dependencies[name] ?? 'missing', /^\d+\.\d+\.\d+$/, name);
    const nest = Object.entries(dependencies).filter(([name]) => name.startsWith('@nestjs/'));
    assert.deepEqual([...new Set(nest.map(([, version]) => version.split('.')[0]))], ['12']);
    // The contract's schemas validate; a second way of doing it would be a second truth.
    for (const name of ['class-validator', 'class-transformer', '@nestjs/platform-express']) {
      assert.equal(dependencies[name], undefined, name);
    }
  });

  it('AC-1.2.b every module is in the application, with what it is for', () => {
    assert.ok(api.app.select(SessionsModule).get(SessionsService, { strict: true }) instanceof SessionsService);
    assert.ok(api.app.select(TasksModule).get(TasksService, { strict: true }) instanceof TasksService);
    assert.ok(api.app.select(MachinesModule).get(MachinesService, { strict: true }) instanceof MachinesService);
    assert.ok(api.app.select(AuthModule).get(AuthModule, { strict: true }) instanceof AuthModule);
    assert.ok(api.app.select(HealthModule).get(HealthController, { strict: true }) instanceof HealthController);
  });

  it('AC-1.2.b authentication stands before every module', async () => {
    for (const path of ['/api/sessions', '/api/tasks', '/api/machines']) {
      await refused(api, 'API_KEY_REQUIRED', 'GET', path, undefined, { withoutKey: true });
    }
  });

  it('AC-1.2.c a started application is connected to the database that was configured', async () => {
    assert.equal(api.storage.engine, process.env['TEST_STORAGE'] === 'mongodb' ? 'mongodb' : 'sqlite');
    const { status, body } = await api.call('GET', '/health/ready');
    assert.equal(status, 200);
    assert.equal(body['status'], 'ok');
  });

  it('AC-1.2.c MONGODB_URI decides which database that is: the one it names, or without it one in DATA_DIR', async () => {
    const place = await databaseOfThisRun();
    try {
      const configuration = readConfiguration({ NODE_ENV: 'development', ...place.variables });
      const storage = await openStorage(configuration);
      try {
        assert.equal(storage.engine, api.storage.engine);
        await storage.ping();
        assert.deepEqual(await storage.sessions.listLiveIds('nobody'), []);
      } finally {
        await storage.close();
      }
      if (storage.engine === 'sqlite') assert.ok(existsSync(join(configuration.dataDir, 'claude-projects.db')));
    } finally {
      await place.drop();
    }
  });

  it('AC-1.2.d the process ends at once with a message that names the variable it misses', async function () {
    this.timeout(20_000);
    const outcome = await startServer({});
    assert.equal(outcome.code, 1);
    assert.match(outcome.stderr, /API_KEYS: is required/);
    assert.doesNotMatch(outcome.stderr, /\n {4}at /, 'an operator is told in a sentence, not in a stack');
  });

  it('AC-1.2.d the process ends at once with a message that names every variable that is wrong', async function () {
    this.timeout(20_000);
    const outcome = await startServer({ API_KEYS: 'short', PORT: 'http', STALL_THRESHOLD_MS: '-1' });
    assert.equal(outcome.code, 1);
    for (const name of ['API_KEYS', 'PORT', 'STALL_THRESHOLD_MS'])
      assert.ok(outcome.stderr.includes(`${name}: `), name);
  });

  it('AC-1.2.e TypeScript compiles the API in strict mode without an error', async function () {
    this.timeout(60_000);
    const settings: unknown = readJson(new URL('../tsconfig.base.json', API));
    const { compilerOptions } = z.object({ compilerOptions: z.object({ strict: z.literal(true) }) }).parse(settings);
    assert.equal(compilerOptions.strict, true);
    const manifest = createRequire(new URL('../package.json', API)).resolve('typescript/package.json');
    const tsc = fileURLToPath(new URL('bin/tsc', `file://${manifest}`));
    const { stdout } = await run(process.execPath, [tsc, '-p', fileURLToPath(API)]).catch(outputOf);
    assert.equal(stdout, '');
  });

  it('AC-1.2.f the reference is at /api/docs as a page, and as an OpenAPI document beside it', async () => {
    const page = await fetch(`${api.url}/api/docs`);
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    assert.match(await page.text(), /<!doctype html>/i);
    const { status, body } = await api.call('GET', '/api/docs-json', undefined, { withoutKey: true });
    assert.equal(status, 200);
    assert.match(String(body['openapi']), /^3\./);
    const { paths } = z.object({ paths: z.record(z.string(), z.unknown()) }).parse(body);
    for (const path of ['/api/sessions', '/api/sessions/{sessionId}/heartbeat', '/api/tasks', '/api/machines']) {
      assert.ok(path in paths, path);
    }
  });
});

async function databaseOfThisRun(): Promise<{ variables: Record<string, string>; drop: () => Promise<void> }> {
  if (process.env['TEST_STORAGE'] === 'mongodb') {
    const { freshDatabase } = await import('../storage/mongo/test-engine.ts');
    const { uri, drop } = await freshDatabase();
    return { variables: { MONGODB_URI: uri }, drop };
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'claude-projects-'));
  return { variables: { DATA_DIR: dataDir }, drop: async () => rmSync(dataDir, { recursive: true }) };
}

/** Runs the server as a process of its own, with these variables and no others of ours. */
async function startServer(variables: Record<string, string>): Promise<{ code: number; stderr: string }> {
  const loader = fileURLToPath(new URL('../tools/typescript-loader.ts', API));
  const server = fileURLToPath(new URL('src/server.ts', API));
  const finished = run(process.execPath, ['--import', loader, server], {
    env: { PATH: process.env['PATH'], ...variables },
    timeout: 15_000,
  });
  const { code, stderr } = await finished.then(({ stderr }) => ({ code: 0, stderr }), outputOf);
  return { code, stderr };
}

const Failure = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() });
const outputOf = (error: unknown) => Failure.parse(error);
