// A window in a process of its own: looks for the server when told to, says which one it found and what it started.
import { createInterface } from 'node:readline';
import { openTestWindow } from './test-window.ts';

const [script = '', folder = '', version = ''] = process.argv.slice(2);
const window = openTestWindow({ script, folder, version });
process.stdout.write('ready\n');
for await (const line of createInterface(process.stdin)) {
  if (line !== 'ensure') continue;
  const { instance } = await window.server.ensure(AbortSignal.timeout(30_000));
  const started = window.started.map(({ pid }) => pid);
  process.stdout.write(`${JSON.stringify({ instance, started })}\n`);
}
window.dispose();
