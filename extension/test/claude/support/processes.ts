import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { isAlive } from '../../local-server/support/until.ts';

const Registered = z.object({ pid: z.int(), sessionId: z.string(), cwd: z.string() });
export type RunningClaude = z.output<typeof Registered>;

/** The live processes of Claude Code. Its own register lists killed ones too, so each is checked. */
export function runningClaudes(home: string): readonly RunningClaude[] {
  const folder = join(home, '.claude/sessions');
  let files: readonly string[];
  try {
    files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  } catch {
    return [];
  }
  return files.flatMap((file) => {
    const entry = Registered.safeParse(parsed(join(folder, file))).data;
    return entry !== undefined && isAlive(entry.pid) ? [entry] : [];
  });
}

/** Undefined while the file is being written. */
function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
