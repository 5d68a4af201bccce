// `pnpm start`: builds the API, runs it on the embedded database and says where it is and with which key.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';

const workspace = resolve(import.meta.dirname, '..');
const dataDir = resolve(process.env['DATA_DIR'] ?? join(workspace, '.data'));
const host = process.env['HOST'] ?? '127.0.0.1';

build();
const key = process.env['API_KEYS']?.split(',')[0]?.trim() || rememberedKey();
const port = await choosePort();
const server = startServer();
await untilReady(`http://${host}:${port}/health/ready`, server);
console.log(`
Claude Projects is running. Stop it with Ctrl+C.

  API        http://${host}:${port}/api
  Reference  http://${host}:${port}/api/docs
  Health     http://${host}:${port}/health
  API key    ${key}
  Data       ${process.env['MONGODB_URI'] ? 'in the database of MONGODB_URI' : dataDir}

Try it:
  curl -H "X-API-Key: ${key}" http://${host}:${port}/api/sessions
`);

function build(): void {
  console.log('Building the API …');
  const { status } = spawnSync('rolldown', ['-c', 'build/rolldown.config.ts'], {
    cwd: join(workspace, 'api'),
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** The same key at every start, so that what was set up with it goes on working. */
function rememberedKey(): string {
  const file = join(dataDir, 'api-key');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const made = randomUUID();
  writeFileSync(file, `${made}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return made;
}

/** The port asked for, or the usual one; if nobody asked and that one is busy, any free one. */
async function choosePort(): Promise<number> {
  const asked = process.env['PORT'];
  if (asked !== undefined && asked !== '') return Number(asked);
  const usual = 3000;
  const free = await freePort(usual);
  if (free !== usual) console.log(`Port ${usual} is in use; taking ${free} instead. Set PORT to choose one.`);
  return free;
}

function freePort(wanted: number): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', () => {
      if (wanted === 0) fail(new Error('No free port was found.'));
      else done(freePort(0));
    });
    probe.listen(wanted, host, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : wanted;
      probe.close(() => done(port));
    });
  });
}

function startServer(): ChildProcess {
  console.log('Starting it …');
  const child = spawn(process.execPath, [join(workspace, 'api/dist/server.mjs')], {
    cwd: workspace,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      API_KEYS: process.env['API_KEYS'] || key,
      DATA_DIR: dataDir,
      HOST: host,
      PORT: String(port),
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
    },
  });
  // Ctrl+C reaches the server by itself; a signal sent to this process alone must be passed on.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.once('exit', (code) => process.exit(code ?? 1));
  return child;
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (child.exitCode === null) {
    if (await answers(url)) return;
    if (Date.now() > deadline) {
      console.error(`The API did not answer at ${url} within 30 s.`);
      child.kill();
      return;
    }
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
