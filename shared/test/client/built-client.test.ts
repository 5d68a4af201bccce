import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { build } from 'esbuild';
import { buildClient } from '../../build/build-client.ts';
import { CLIENT_BUNDLE_OPTIONS } from '../../build/bundle-options.ts';
import { contractDeclarations } from '../../build/contract-declarations.ts';
import { runTypeScript } from '../../build/emit-declarations.ts';
import * as source from '../../src/client/index.ts';
import * as contract from '../../src/contract/index.ts';
import { API_KEY, type ClientModule, clientBench } from '../support/client-suite.ts';
import { EXAMPLE_OUTPUT, EXAMPLE_SCRIPT } from '../support/example-script.ts';
import { runProgram } from '../support/run-program.ts';
import { refusal } from '../support/steps.ts';
import { describeAborts } from './faults/aborts.ts';
import { describeNewerServer } from './faults/newer-server.ts';
import { describeReplies } from './faults/replies.ts';
import { describeRetries } from './faults/retries.ts';
import { describeSecrecy } from './faults/secrecy.ts';

const shared = resolve(import.meta.dirname, '../..');

describe('the built client', function () {
  this.timeout(10_000);
  let directory = '';
  let packageDirectory = '';
  let built: ClientModule = source;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'claude-projects-client-'));
    packageDirectory = join(directory, 'node_modules/@claude-projects/client');
    await buildClient(packageDirectory);
    const loaded: unknown = await import(pathToFileURL(join(packageDirectory, 'index.mjs')).href);
    assert(isClientModule(loaded));
    assert.notEqual(loaded.ApiError, source.ApiError);
    built = loaded;
  });
  after(() => rm(directory, { recursive: true, force: true }));

  for (const describeFaults of [
    describeRetries,
    describeReplies,
    describeNewerServer,
    describeAborts,
    describeSecrecy,
  ]) {
    describeFaults(() => built);
  }

  describe('in plain JavaScript, alone in an empty directory', () => {
    const bench = clientBench(() => built);
    let empty = '';
    const run = (program: string) =>
      runProgram(empty, [program], { CLAUDE_PROJECTS_URL: bench.server.url, CLAUDE_PROJECTS_API_KEY: API_KEY });
    beforeEach(async () => {
      empty = await mkdtemp(join(tmpdir(), 'claude-projects-empty-'));
    });
    afterEach(() => rm(empty, { recursive: true, force: true }));

    it('runs the example as an ES module', async () => {
      await copyFile(join(packageDirectory, 'index.mjs'), join(empty, 'client.mjs'));
      const example = await readFile(join(shared, 'examples/track-a-session.ts'), 'utf8');
      await writeFile(join(empty, 'example.mjs'), example.replace('@claude-projects/shared/client', './client.mjs'));
      bench.server.script(...EXAMPLE_SCRIPT);
      assert.equal(await run('example.mjs'), EXAMPLE_OUTPUT);
    });

    it('works through require, and lets the process end when a wait is aborted', async () => {
      await copyFile(join(packageDirectory, 'index.cjs'), join(empty, 'client.cjs'));
      await writeFile(join(empty, 'program.cjs'), ABORT_DURING_WAIT);
      bench.server.script(refusal('RATE_LIMITED', {}, { 'Retry-After': '30' }));
      // The program is given 10 seconds: a timer left behind would keep it alive for 30.
      assert.equal(await run('program.cjs'), 'AbortedError ABORTED');
    });
  });

  describe('its types', () => {
    const check = async (name: string, text: string, options: object) => {
      await writeFile(join(directory, name), text);
      const project = join(directory, `${name}.tsconfig.json`);
      const compilerOptions = { ...STRICT, ...options };
      await writeFile(project, JSON.stringify({ compilerOptions, files: [name] }));
      await runTypeScript(project);
    };

    for (const name of ['consumer.mts', 'consumer.cts']) {
      it(`serve a ${name} without any other package`, () =>
        check(name, CONSUMER, { types: [], lib: ['es2023', 'dom'] }));
    }

    it('say what the contract says', async () => {
      const fromSource = new Set(Object.keys(contract));
      const names = [...contractDeclarations().keys()];
      const inputs = names.filter((name) => /(Input|Query)$/.test(name));
      const returned = await exportedTypes(join(shared, 'src/client/records.ts'));
      const written = names.filter((name) => fromSource.has(name) && ![...inputs, ...returned].includes(name));
      assert(inputs.length >= 18 && returned.length >= 18 && written.length >= 6);
      const path = (file: string) => JSON.stringify(join(shared, 'src', file));
      await check(
        'equal.ts',
        `import type * as built from '@claude-projects/client';
import type * as contract from ${path('contract/index.ts')};
import type * as client from ${path('client/index.ts')};
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
${written.map((name) => `true satisfies Same<built.${name}, contract.${name}>;`).join('\n')}
${[...returned, ...inputs].map((name) => `true satisfies Same<built.${name}, client.${name}>;`).join('\n')}
true satisfies Same<built.Metadata, contract.Metadata>;
true satisfies Same<built.ApiErrorCode, client.ApiErrorCode>;
true satisfies Same<keyof built.StateTrackingApiClient, keyof client.StateTrackingApiClient>;
true satisfies Same<keyof typeof built, keyof typeof client>;
`,
        { types: ['node'], typeRoots: [join(shared, '../node_modules/@types')], lib: ['es2024'], skipLibCheck: true },
      );
    });
  });

  it('is at most 120 KB when the extension bundles it', async () => {
    const { outputFiles } = await build({
      ...CLIENT_BUNDLE_OPTIONS,
      absWorkingDir: shared,
      entryPoints: ['src/client/index.ts'],
      format: 'cjs',
      minify: true,
      write: false,
    });
    const bytes = outputFiles.reduce((sum, { contents }) => sum + contents.length, 0);
    assert(bytes <= 120_000, `${bytes} bytes`);
  });

  it('keeps the names of its errors', () => {
    for (const name of Object.keys(source).filter((name) => name.endsWith('Error'))) {
      const type: unknown = Object.entries(built).find(([key]) => key === name)?.[1];
      assert(typeof type === 'function' && type.name === name, name);
    }
    const { NotFoundError } = built;
    assert.match(inspect(new NotFoundError('gone', { code: 'TASK_NOT_FOUND' })), /^NotFoundError: gone\n/);
  });

  it('brings the licences of what it contains', async () => {
    const notices = await readFile(join(packageDirectory, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of ['axios', 'axios-retry', 'zod']) assert.match(notices, new RegExp(`^${name} \\d`, 'm'));
  });
});

async function exportedTypes(file: string): Promise<readonly string[]> {
  return [...(await readFile(file, 'utf8')).matchAll(/^export type (\w+)/gm)].flatMap(([, name]) => name ?? []);
}

function isClientModule(value: unknown): value is ClientModule {
  if (typeof value !== 'object' || value === null) return false;
  const exports = new Set(Object.keys(value));
  return Object.keys(source).every((name) => exports.has(name));
}

const STRICT = {
  module: 'nodenext',
  target: 'es2023',
  strict: true,
  exactOptionalPropertyTypes: true,
  allowImportingTsExtensions: true,
  erasableSyntaxOnly: true,
  noEmit: true,
};

const ABORT_DURING_WAIT = `
const { StateTrackingApiClient } = require('./client.cjs');
const controller = new AbortController();
const client = new StateTrackingApiClient({
  baseUrl: process.env.CLAUDE_PROJECTS_URL,
  signal: controller.signal,
  logger: { debug() {}, warn() { setImmediate(() => controller.abort()); } },
});
client.getHealth().catch((error) => process.stdout.write(error.name + ' ' + error.code));
`;

const CONSUMER = `
import { ApiError, AuthenticationError, ConflictError, NotFoundError, type Session, StateTrackingApiClient } from '@claude-projects/client';

const client = new StateTrackingApiClient({ baseUrl: 'https://example.com', apiKey: undefined });

export async function use(signal: AbortSignal): Promise<string> {
  const session: Session = await client.createSession({ project_id: 'p', machine_id: 'm' }, { signal });
  const reply = await client.listSessions({ status: 'active', limit: 10 }, { etag: null });
  if (!reply.notModified) reply.data.sessions satisfies Session[];
  (await client.listTasks()).tasks.length satisfies number;
  'unknown' satisfies Session['status'];
  // @ts-expect-error: what a newer server says may not be among the values this client knows
  session.status satisfies 'active' | 'paused' | 'completed' | 'failed' | 'stalled';
  // @ts-expect-error: an unknown state can be read, and never sent
  await client.updateSession(session.session_id, { status: session.status });
  await client.deleteSession(session.session_id) satisfies void;
  // @ts-expect-error: there is no such state
  await client.updateSession(session.session_id, { status: 'asleep' });
  // @ts-expect-error: a limit is a number
  await client.listSessions({ limit: 'ten' });
  // @ts-expect-error: a machine needs a name
  await client.registerMachine({ docker_slots: [] });
  // @ts-expect-error: there is no such method
  await client.createEverything();
  try {
    return (await client.getStats()).since;
  } catch (error) {
    if (error instanceof ConflictError && error.code === 'SESSION_ENDED') return error.successorSessionId ?? 'none';
    // Classes without fields of their own must still be told apart, in the else branch too.
    if (error instanceof NotFoundError || error instanceof AuthenticationError) return error.name;
    if (error instanceof ApiError) return error.code satisfies string;
    throw error;
  }
}
`;
