import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Where a pid means something: the same for all that count their processes alike. Containers may share a name. */
export function hostOfPids(): string {
  try {
    return `${hostname()}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

export interface ProcessFacts {
  readonly state: string;
  readonly parent: number;
  /** Tells a process from a later one with the same pid. */
  readonly start: string;
  /** The same in milliseconds since the epoch, as the clock goes now. */
  readonly startedAt: number;
}

/** Of Linux' clock of processes, on every architecture. */
const TICK_MS = 10;

/** From Linux' table of processes; undefined where there is no such process. */
export function processFacts(pid: number): ProcessFacts | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name may hold anything, also blanks and parentheses.
    const rest = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = rest[19] ?? '';
    return {
      state: rest[0] ?? '',
      parent: Number(rest[1]),
      // Counted from the machine's start, of which there may have been another since.
      start: `${bootId()}/${ticks}`,
      startedAt: bootedAt() + Number(ticks) * TICK_MS,
    };
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

function bootedAt(): number {
  return Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]) * 1000;
}
