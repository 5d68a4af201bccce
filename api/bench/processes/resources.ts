import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Linux counts a process's time in ticks of a hundredth of a second. */
const TICK_MS = 10;

/** Resident memory of a process in MiB. */
export function residentMiB(pid: number): number {
  const kibibytes =
    process.platform === 'linux'
      ? /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
      : execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  return Number(kibibytes) / 1024;
}

/** Processor time a process has used so far in milliseconds; undefined where the system does not tell. */
export function processorMs(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  // After the name, which may hold anything, come the fields; user and system time are the 12th and 13th of them.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

export interface MemorySample {
  seconds: number;
  mib: number;
}

/** Looks at a process's memory at intervals until disposed of. */
export class MemoryWatch implements Disposable {
  readonly samples: MemorySample[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number, everyMs = 500) {
    const startedAt = performance.now();
    this.#timer = setInterval(() => {
      this.samples.push({ seconds: (performance.now() - startedAt) / 1000, mib: residentMiB(pid) });
    }, everyMs);
  }

  get peakMiB(): number {
    return Math.max(0, ...this.samples.map(({ mib }) => mib));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
