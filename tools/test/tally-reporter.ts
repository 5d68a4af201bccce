// Mocha's spec report, and one line of figures for the tally that closes a run of several suites.
import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';

/** How long a process may take to end once its tests are over. */
const PATIENCE_MS = 20_000;

export default class TallyReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const tallyFile = process.env['TEST_TALLY_FILE'];
    if (!tallyFile) return;
    const skipped: string[] = [];
    let passed = 0;
    let failed = 0;
    runner.on('pending', (test) => skipped.push(test.fullTitle()));
    runner.on('pass', () => passed++);
    runner.on('fail', () => failed++);
    runner.once('end', () => {
      appendFileSync(tallyFile, `${JSON.stringify({ passed, failed, skipped })}\n`);
      failUnlessItEnds(tallyFile, Number(process.env['TEST_END_PATIENCE_MS'] ?? PATIENCE_MS));
    });
  }
}

/** A suite that left something open would hang for ever: that is a failure, and says of what kind it is. */
function failUnlessItEnds(tallyFile: string, patienceMs: number): void {
  setTimeout(() => {
    const open = [...new Set(process.getActiveResourcesInfo())].join(', ');
    console.error(`The tests are over and the process goes on. Some test left open: ${open}`);
    appendFileSync(tallyFile, `${JSON.stringify({ passed: 0, failed: 1, skipped: [] })}\n`);
    // Mocha sets its own at the very end, which by then knows nothing of this.
    process.once('exit', () => {
      process.exitCode = 1;
    });
    process.exit();
  }, patienceMs).unref();
}
