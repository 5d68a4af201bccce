// Mocha's spec report, and one line of figures for the tally that closes a run of several suites.
import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';

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
    runner.once('end', () => appendFileSync(tallyFile, `${JSON.stringify({ passed, failed, skipped })}\n`));
  }
}
