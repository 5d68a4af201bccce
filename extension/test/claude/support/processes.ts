import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { isAlive } from '../../local-server/support/until.ts';

const Registered = z.object({ pid: z.int(), sessionId: z.string(), cwd: z.string() });
export type RunningClaude = z.output<typeof Registered>;

/** The live processes of Claude Code. Its own register lists killed ones too, so each is checked. */
export function runningClaudes(home: string): readonly RunningClaude[] {
  let files: readonly string[];
  try {
    files = readdirSync(registerOf(home)).filter((file) => file.endsWith('.json'));
  } catch {
    return [];
  }
  return files.flatMap((file) => {
    const entry = entryIn(join(registerOf(home), file));
    return entry !== undefined && isAlive(entry.pid) ? [entry] : [];
  });
}

/** What Claude Code's own register says of a process. */
export function registered(home: string, pid: number): RunningClaude | undefined {
  return entryIn(join(registerOf(home), `${pid}.json`));
}

function registerOf(home: string): string {
  return join(home, '.claude/sessions');
}

/** Undefined while the file is being written. */
function entryIn(path: string): RunningClaude | undefined {
  try {
    return Registered.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
