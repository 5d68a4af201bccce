import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { LogCapture } from '../support/log-capture.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** Runs the program that has a fault; with which code it ended, and all it printed. */
function end(fault: string): Promise<{ code: number | null; stdout: string }> {
  const args = ['--import', path('../../../tools/typescript-loader.ts'), path('support/end-on-fault-child.ts'), fault];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { timeout: 20_000 }, (_, stdout) =>
      resolve({ code: child.exitCode, stdout }),
    );
  });
}

describe('a fault that nobody handles', () => {
  for (const [fault, stack] of [
    ['exception', /Error: nobody caught this\n +at /],
    ['rejection', /Error: nobody awaited this\n +at /],
  ] as const) {
    it(`AC-5.1.c ends the process, and every line is written by then: ${fault}`, async function () {
      this.timeout(30_000);
      const { code, stdout } = await end(fault);
      assert.equal(code, 1);
      const log = new LogCapture();
      log.write(stdout);
      assert.equal(log.withMessage('Before the end').length, 1000);
      const [last] = log.withMessage('The process ends: nobody handled this');
      assert.equal(last?.level, 'ERROR');
      assert.match(String(last.context['stack']), stack);
      assert.equal(stdout.trimEnd().split('\n').length, 1001);
    });
  }
});
