import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { RunningProgram } from '../e2e/running-program.ts';
import { temporaryDirectory } from '../storage/sqlite/support/directories.ts';

const API = join(import.meta.dirname, '../..');

/** Makes the Node.js of these tests behave like Node.js 20 or a build without SQLite. */
const WITHOUT_SQLITE = '--no-experimental-sqlite';
const EXPLANATION = new RegExp(
  `^The embedded database needs Node\\.js 22\\.13 or newer, with SQLite; this is Node\\.js ${process.versions.node}\\. .*\n$`,
);

describe('a Node.js without SQLite', function () {
  this.timeout(60_000);

  async function endOf(program: string, env: NodeJS.ProcessEnv) {
    const running = new RunningProgram(process.execPath, [WITHOUT_SQLITE, ...process.execArgv, program], {
      cwd: API,
      env: { PATH: process.env['PATH'], PORT: '0', DATA_DIR: temporaryDirectory(), ...env },
    });
    try {
      return { code: await running.untilExit(), output: running.output };
    } finally {
      await running.dispose();
    }
  }

  it('is refused by the server, in one sentence', async () => {
    const { code, output } = await endOf('src/server.ts', { API_KEYS: randomUUID() });
    assert.match(output, EXPLANATION);
    assert.equal(code, 1);
  });

  it('is refused by the local server, whose exit code asks for a person', async () => {
    const { code, output } = await endOf('src/local-server.ts', { CLAUDE_PROJECTS_LOCAL_FOLDER: temporaryDirectory() });
    assert.match(output, EXPLANATION);
    assert.equal(code, 4);
  });

  it('is refused by the consistency check', async () => {
    const { code, output } = await endOf('src/consistency/consistency.command.ts', {});
    assert.match(output, EXPLANATION);
    assert.equal(code, 2);
  });

  it('is enough for a server over MongoDB', async () => {
    const unreachable = 'mongodb://127.0.0.1:1/db?serverSelectionTimeoutMS=300';
    const { code, output } = await endOf('src/server.ts', { API_KEYS: randomUUID(), MONGODB_URI: unreachable });
    assert.match(output, /^MongoDB at 127\.0\.0\.1:1 /);
    assert.equal(code, 1);
  });
});
