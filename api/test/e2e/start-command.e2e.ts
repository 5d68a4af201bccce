import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { StateTrackingApiClient } from '@claude-projects/shared/client';
import { RunningProgram } from './running-program.ts';

const workspace = resolve(import.meta.dirname, '../../..');

describe('pnpm start', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'claude-projects-start-'));
  let program: RunningProgram | undefined;

  afterEach(() => program?.dispose());
  after(() => rmSync(dataDir, { recursive: true }));

  async function start(): Promise<{ baseUrl: string; apiKey: string }> {
    program = new RunningProgram('node', ['tools/start.ts'], {
      cwd: workspace,
      env: { PATH: process.env['PATH'], DATA_DIR: dataDir },
    });
    const baseUrl = await program.untilPrinted(/API {8}(http:\S+)\/api/);
    return { baseUrl, apiKey: await program.untilPrinted(/API key {4}(\S+)/) };
  }

  it('builds, runs, and prints an address and a key that work', async () => {
    const { baseUrl, apiKey } = await start();
    const client = new StateTrackingApiClient({ baseUrl, apiKey });
    assert.equal((await client.listSessions()).total, 0);
    program?.signal('SIGTERM');
    assert.equal(await program?.untilExit(), 0);
  });

  it('keeps the key for the next start, readable by its owner only', async () => {
    const { apiKey } = await start();
    const file = join(dataDir, 'api-key');
    assert.equal(readFileSync(file, 'utf8').trim(), apiKey);
    if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
  });
});
