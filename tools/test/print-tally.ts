// Closes a run of several groups of suites: prints what TEST_TALLY_FILE adds up to.
import { describeTally, readTally } from './tally.ts';

const file = process.env['TEST_TALLY_FILE'];
if (!file) throw new Error('TEST_TALLY_FILE is not set');
const tally = readTally(file);
console.log(describeTally(tally));
if (tally.failed > 0 || tally.passed === 0) process.exitCode = 1;
