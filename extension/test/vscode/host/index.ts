// Runs in the extension host: the editor calls `run` and waits for it.
import { join } from 'node:path';
import { withSourceLines } from './source-lines.ts';
import { connectTerminal } from './terminal.ts';

export async function run(): Promise<void> {
  const terminal = connectTerminal();
  // Stacks name the lines of the tests, not of their bundle.
  process.setSourceMapsEnabled(true);
  try {
    // Only now: mocha's reporters keep the console they find when they are loaded.
    const { default: Mocha } = await import('mocha');
    const { default: TallyReporter } = await import('../../../../tools/test/tally-reporter.ts');
    const mocha = new Mocha({
      ui: 'bdd',
      reporter: TallyReporter,
      timeout: 30_000,
      forbidOnly: true,
      color: process.env['TEST_COLOR'] === 'true',
    });
    const pattern = process.env['TEST_GREP'];
    if (pattern) mocha.grep(pattern);
    mocha.addFile(join(import.meta.dirname, 'tests.cjs'));
    await mocha.loadFilesAsync();
    let total = 0;
    const failed = await new Promise<number>((done) => {
      const runner = mocha.run(done);
      total = runner.total;
      runner.on('fail', (_test, error: unknown) => {
        if (error instanceof Error && error.stack) error.stack = withSourceLines(error.stack);
      });
    });
    if (total === 0) throw new Error('No test was found.');
    if (failed > 0) throw new Error(`${failed} of ${total} tests failed.`);
  } catch (error) {
    terminal.print(error instanceof Error ? error.message : error);
    throw error;
  } finally {
    await terminal.close();
  }
}
