// Claude Code runs this at each event it was connected to. It must never disturb: it prints nothing, waits for nothing
// for long, and ends with 0 whatever happens, because another code would stop what Claude Code is about to do.
import { dirname } from 'node:path';
import { findClaudeProcess } from './claude-process.ts';
import { pokeWindows } from './poke-windows.ts';
import { readStandardInput } from './read-standard-input.ts';
import { recordOf } from './record-of.ts';
import { writeRecord } from './write-record.ts';

/** From the first line to the end; what was recorded until then stays recorded. */
const LIMIT_MS = 1000;

const end = (): never => process.exit(0);
process.on('uncaughtException', end);
process.on('unhandledRejection', end);
setTimeout(end, LIMIT_MS);

const [, script = '', shellParent] = process.argv;
const root = dirname(script);

readStandardInput(process.stdin, (text) => {
  // When this process began: the hooks of one session begin one after the other, and may overtake each other later.
  const at = performance.timeOrigin;
  const record = recordOf(text, at, process.env, () => findClaudeProcess(process.ppid, shellParent));
  if (record === undefined) return end();
  writeRecord(root, record);
  return pokeWindows(root, record.session, end);
});
