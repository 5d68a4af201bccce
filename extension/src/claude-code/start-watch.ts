import { type Clock, pause } from '../platform/clock.ts';
import type { ListProcesses } from './running-processes.ts';
import type { TerminalRun } from './terminals.ts';

/** So long Claude Code may take before a hook or its process has to prove that it runs. */
export const START_LIMIT_MS = 60_000;
const CHECK_MS = 5000;

export interface StartWatchParts {
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly processes: ListProcesses;
  /** The conversation that is resumed. */
  readonly conversation: string;
  /** Processes of before, which may have resumed it, too. */
  readonly older: ReadonlySet<number>;
  /** Undefined after a reload of the window. */
  readonly run: TerminalRun | undefined;
  /** Nothing is left to be proven: a hook has reported, or the session is over. */
  readonly isSettled: () => boolean;
  /** It runs, and no hook has reported in time: it asks something before it begins. Called once. */
  readonly onWait: () => void;
  readonly signal: AbortSignal;
}

export type StartOutcome =
  | { readonly kind: 'settled' }
  /** The command or its terminal ended. */
  | { readonly kind: 'ended'; readonly code: number | undefined }
  /** There is no sign of it. */
  | { readonly kind: 'missing' };

/** Until it is proven that Claude Code goes on, or that it does not. */
export async function watchStart(parts: StartWatchParts): Promise<StartOutcome> {
  const { clock, run, isSettled, onWait, signal } = parts;
  const ended = new AbortController();
  let code: number | undefined;
  if (run) void noteEnd(run);
  async function noteEnd(run: TerminalRun): Promise<void> {
    code = await run.ended;
    ended.abort();
  }
  const wake = AbortSignal.any([signal, ended.signal]);
  const startedAt = clock.now();
  let isWaiting = false;
  for (;;) {
    await pause(clock, CHECK_MS, wake);
    if (signal.aborted || isSettled()) return { kind: 'settled' };
    if (ended.signal.aborted) return { kind: 'ended', code };
    if (clock.now() - startedAt < START_LIMIT_MS) continue;
    if (!(await runs(parts))) return { kind: 'missing' };
    if (!isWaiting) onWait();
    isWaiting = true;
  }
}

/** The pids of processes that resume this conversation. */
export async function pidsOf(conversation: string, processes: ListProcesses): Promise<ReadonlySet<number> | undefined> {
  const all = await processes();
  if (!all) return undefined;
  const resuming = all.filter(({ words }) => words.includes('--resume') && words.includes(conversation));
  return new Set(resuming.map(({ pid }) => pid));
}

async function runs({ run, conversation, processes, older }: StartWatchParts): Promise<boolean> {
  if (run?.isUnderWay) return true;
  const pids = await pidsOf(conversation, processes);
  // After a reload nobody tells, where the system does not.
  if (!pids) return run === undefined;
  return [...pids].some((pid) => !older.has(pid));
}
