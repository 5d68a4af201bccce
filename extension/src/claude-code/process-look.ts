import { execFile } from 'node:child_process';
import { hostOfPids, processFacts } from '../hook/claude-process.ts';
import { systemErrorCode } from '../lifecycle/outbox/files.ts';
import type { SeenProcess } from './hook-record.ts';

/** `unknown`: of another machine or container, or one that the hook could not tell. */
export type Liveness = 'alive' | 'gone' | 'unknown';

/** Whether the process that a hook saw at that time still lives. */
export type LookAtProcess = (seen: SeenProcess, seenAt: number) => Promise<Liveness>;

const PS_LIMIT_MS = 5000;
/** The system tells when it was started, or when a process was, in whole seconds. */
const ROUNDING_MS = 1500;

/** Its pid may be another's by now: a process that began after the hook had seen it. */
export const lookAtProcess: LookAtProcess = async ({ pid, start, host }, seenAt) => {
  if (pid === undefined || host !== hostOfPids()) return 'unknown';
  if (!exists(pid)) return 'gone';
  const startedAt = process.platform === 'linux' ? startOnLinux(pid, start) : await startOf(pid);
  if (startedAt === 'gone') return 'gone';
  return startedAt !== undefined && startedAt > seenAt + ROUNDING_MS ? 'gone' : 'alive';
};

/** On Linux: tells a process from a later one with its pid. */
export function startOfProcess(pid: number): string | undefined {
  return process.platform === 'linux' ? processFacts(pid)?.start : undefined;
}

function startOnLinux(pid: number, start: string | undefined): number | 'gone' | undefined {
  const facts = processFacts(pid);
  // A zombie only waits for its parent to hear of its end.
  if (!facts || facts.state === 'Z') return 'gone';
  if (start === undefined) return facts.startedAt;
  return facts.start === start ? undefined : 'gone';
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemErrorCode(error) !== 'ESRCH';
  }
}

function startOf(pid: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const env = { ...process.env, LC_ALL: 'C' };
    execFile('ps', ['-o', 'lstart=', '-p', String(pid)], { timeout: PS_LIMIT_MS, env }, (error, stdout) => {
      const at = error ? Number.NaN : Date.parse(stdout.trim());
      resolve(Number.isNaN(at) ? undefined : at);
    });
  });
}
