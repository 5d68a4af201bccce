import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ClaudeProcess {
  /** Missing where the system does not tell it cheaply, as on Windows. */
  readonly pid?: number;
  /** Tells a process from a later one with the same pid; on Linux only. */
  readonly start?: string;
  /** Where the pid means something. */
  readonly host: string;
}

const SHELLS = new Set(['sh', 'dash', 'bash', 'zsh', 'ash', 'ksh', 'fish', 'busybox']);
const MOST_SHELLS = 8;

/** Hooks are run through a shell, or several: the nearest ancestor that is none is Claude Code. */
export function findClaudeProcess(parent: number, shellParent: string | undefined): ClaudeProcess {
  const host = hostOfPids();
  if (process.platform === 'linux') return { host, ...nearestThatIsNoShell(parent) };
  // Elsewhere the shell said who started it; asking the system would take longer than all the rest.
  const told = Number(shellParent);
  if (process.platform === 'win32' || !Number.isInteger(told) || told <= 1) return { host };
  return { host, pid: told };
}

/** The same for all who count their processes alike: containers may share a name, and count their own. */
export function hostOfPids(): string {
  try {
    return `${hostname()}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/** From Linux' table of processes; undefined where there is no such process. */
export function processFacts(pid: number): { name: string; parent: number; start: string; state: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name may hold anything, also blanks and parentheses.
    const close = text.lastIndexOf(')');
    const rest = text.slice(close + 2).split(' ');
    return {
      name: text.slice(text.indexOf('(') + 1, close),
      state: rest[0] ?? '',
      parent: Number(rest[1]),
      // Counted from the machine's start, of which there may have been another since.
      start: `${bootId()}/${rest[19] ?? ''}`,
    };
  } catch {
    return undefined;
  }
}

function nearestThatIsNoShell(parent: number): { pid?: number; start?: string } {
  let pid = parent;
  for (let steps = 0; steps < MOST_SHELLS && pid > 1; steps += 1) {
    const facts = processFacts(pid);
    if (!facts) return {};
    if (!SHELLS.has(facts.name)) return { pid, start: facts.start };
    pid = facts.parent;
  }
  return {};
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
