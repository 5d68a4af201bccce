import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ConsistencyFinding } from '@claude-projects/shared/contract';
import { openSqliteStorage } from '../../src/storage/sqlite/index.ts';
import { aSession, aTask } from '../storage/contract/builders.ts';

const api = resolve(import.meta.dirname, '../..');

describe('the consistency command', function () {
  this.timeout(60_000);
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'claude-projects-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  /** As the package's script runs it, without any key. */
  function run(flags: string[] = [], environment: Record<string, string> = { DATA_DIR: dataDir }) {
    const loader = '../tools/typescript-loader.ts';
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', loader, 'src/consistency/consistency.command.ts', ...flags],
      { cwd: api, encoding: 'utf8', env: { PATH: process.env['PATH'], ...environment } },
    );
    const lines = stdout.split('\n').filter(Boolean);
    return { status, stderr, findings: lines.map((line): unknown => JSON.parse(line)) };
  }

  async function plant(): Promise<void> {
    const storage = openSqliteStorage({ dataDir });
    await storage.tasks.insert(aTask({ session_id: 'line\nbreak' }));
    await storage.sessions.insert(aSession({ status: 'completed', completed_at: new Date(), recovered_by: 'gone' }));
    await storage.close();
  }

  const kindsOf = (findings: unknown[]) => findings.map((finding) => ConsistencyFinding.parse(finding).kind);

  it('prints one finding a line, and exits with 1 while any remains', async () => {
    await plant();
    const looked = run();
    assert.equal(looked.status, 1, looked.stderr);
    assert.deepEqual(kindsOf(looked.findings), ['successor_missing', 'task_without_session']);
    assert.match(looked.stderr, /^2 found, 2 remaining$/m);
    const repaired = run(['--repair']);
    assert.equal(repaired.status, 1);
    assert.match(repaired.stderr, /^2 found, 1 mended, 1 remaining$/m);
    assert.match(repaired.stderr, /for a person to decide/);
    assert.deepEqual(kindsOf(run().findings), ['successor_missing']);
  });

  it('exits with 0 where all is in order', async () => {
    await openSqliteStorage({ dataDir }).close();
    const { status, findings, stderr } = run();
    assert.equal(status, 0, stderr);
    assert.deepEqual(findings, []);
  });

  it('takes a relative directory from where it was called', async () => {
    await plant();
    const { status } = run([], { DATA_DIR: join('.', dataDir.slice(dirname(dataDir).length + 1)), INIT_CWD: tmpdir() });
    assert.equal(status, 1);
  });

  it('makes no database where there is none, and says what is missing', () => {
    const missing = join(dataDir, 'missing');
    const { status, stderr } = run([], { DATA_DIR: missing });
    assert.equal(status, 2);
    assert.match(stderr, /There is no directory .*missing. Set DATA_DIR/);
    assert.equal(run([], { DATA_DIR: dataDir, PORT: 'x' }).status, 2);
    assert.equal(run(['--no-such-flag']).status, 2);
  });
});
