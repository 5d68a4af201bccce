import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import * as z from 'zod/mini';
import { BUNDLED_VERSION, serverBundle } from './support/server-bundle.ts';
import { ServerFolder } from './support/server-folder.ts';
import { isAlive, until } from './support/until.ts';

const ROUNDS = 10;
const Answer = z.object({ instance: z.string(), started: z.array(z.number()) });

interface Window {
  readonly child: ChildProcess;
  readonly lines: AsyncIterator<string>;
}

function open(script: string, folder: ServerFolder): Window {
  const program = join(import.meta.dirname, 'support/window-process.ts');
  const child = spawn(process.execPath, [...process.execArgv, program, script, folder.path, BUNDLED_VERSION], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const output: Interface = createInterface(child.stdout);
  return { child, lines: output[Symbol.asyncIterator]() };
}

async function nextLine({ lines }: Window): Promise<string> {
  const next = await lines.next();
  if (next.done) throw new Error('the window ended');
  return next.value;
}

describe('two windows that start at once', function () {
  this.timeout(120_000);

  it(`get one and the same server, ${ROUNDS} times over`, async () => {
    const script = await serverBundle();
    let races = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const folder = new ServerFolder();
      const windows = [open(script, folder), open(script, folder)];
      try {
        for (const window of windows) assert.equal(await nextLine(window), 'ready');
        for (const { child } of windows) child.stdin?.write('ensure\n');
        const answers = await Promise.all(
          windows.map(async (window) => Answer.parse(JSON.parse(await nextLine(window)))),
        );
        const { instance, pid } = folder.published();
        assert.deepEqual(
          answers.map((answer) => answer.instance),
          [instance, instance],
        );
        const started = answers.flatMap((answer) => answer.started);
        assert.ok(started.includes(pid));
        if (started.length > 1) races += 1;
        const survivors = await until('the losers are gone', () => {
          const alive = started.filter((one) => isAlive(one));
          return alive.length === 1 ? alive : undefined;
        });
        assert.deepEqual(survivors, [pid]);
      } finally {
        for (const { child } of windows) {
          child.stdin?.end();
          if (child.exitCode === null) await once(child, 'exit');
        }
        await folder.dispose();
      }
    }
    assert.ok(races > 0, 'both started one, and one of the two gave way');
  });
});
