// Runs a group of suites one after the other and closes with `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isSuiteGroup, SUITES, type Suite } from './suites.ts';
import { describeTally, readTally } from './tally.ts';

const workspace = resolve(import.meta.dirname, '../..');
const group = process.argv[2];
if (!isSuiteGroup(group)) {
  console.error(`Which suites? One of: ${Object.keys(SUITES).join(', ')}`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'claude-projects-tally-'));
const tallyFile = join(folder, 'tally.jsonl');
/** Where a run made of several groups, such as the one of continuous integration, adds them up. */
const runTallyFile = process.env['TEST_TALLY_FILE'];
const startedAt = performance.now();
let broken = false;

for (const suite of SUITES[group]) {
  console.log(`\nTesting ${suite.name} …`);
  if (!run(suite)) broken = true;
}

const tally = readTally(tallyFile);
const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
console.log(`\nTook ${seconds} s.\n${describeTally(tally)}`);
if (runTallyFile) appendFileSync(runTallyFile, `${JSON.stringify(tally)}\n`);
rmSync(folder, { recursive: true });
process.exitCode = broken || tally.failed > 0 || tally.passed === 0 ? 1 : 0;

function run(suite: Suite): boolean {
  const before = countEntries();
  const [program = 'mocha', ...args] = suite.command;
  const { status, error } = spawnSync(program, args, {
    cwd: join(workspace, suite.folder),
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, ...suite.env, TEST_TALLY_FILE: tallyFile },
  });
  if (error) console.error(`Could not run ${program}: ${error.message}`);
  if (status !== 0 && countEntries() === before) {
    // The suite died before it could count: that is one failure, not none.
    appendFileSync(tallyFile, `${JSON.stringify({ passed: 0, failed: 1, skipped: [] })}\n`);
  }
  return status === 0;
}

function countEntries(): number {
  const { passed, failed, skipped } = readTally(tallyFile);
  return passed + failed + skipped.length;
}
