import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { processFacts } from '../hook/claude-process.ts';

export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  /** The program and its arguments. */
  readonly words: readonly string[];
}

/** The processes of this machine; undefined where the system does not tell them cheaply, as on Windows. */
export type ListProcesses = () => Promise<readonly RunningProcess[] | undefined>;

const PS_LIMIT_MS = 5000;
const MOST_OUTPUT = 16 * 1024 * 1024;

export const listProcesses: ListProcesses = async () => {
  if (process.platform === 'linux') return ofLinux();
  return process.platform === 'win32' ? undefined : ofPs();
};

/** The process and those that it descends from, the nearest first. */
export function lineageOf(pid: number, processes: readonly RunningProcess[]): readonly number[] {
  const parents = new Map(processes.map((process) => [process.pid, process.parent]));
  const lineage: number[] = [];
  for (let next: number | undefined = pid; next !== undefined && next > 0; next = parents.get(next)) {
    if (lineage.includes(next)) break;
    lineage.push(next);
  }
  return lineage;
}

function ofLinux(): readonly RunningProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const pid = Number(name);
      const facts = processFacts(pid);
      // A zombie only waits for its parent to hear of its end.
      return facts && facts.state !== 'Z' ? [{ pid, parent: facts.parent, words: wordsOf(pid) }] : [];
    });
}

function wordsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    // It has ended meanwhile.
    return [];
  }
}

function ofPs(): Promise<readonly RunningProcess[] | undefined> {
  const options = { timeout: PS_LIMIT_MS, maxBuffer: MOST_OUTPUT, env: { ...process.env, LC_ALL: 'C' } };
  return new Promise((resolve) => {
    execFile('ps', ['-axww', '-o', 'pid=,ppid=,args='], options, (error, stdout) => {
      resolve(error ? undefined : processesIn(stdout));
    });
  });
}

/** Of what `ps` prints: one process a line, its words parted by blanks. */
export function processesIn(printed: string): readonly RunningProcess[] {
  return printed.split('\n').flatMap((line) => {
    const [pid, parent, ...words] = line.trim().split(/\s+/);
    return parent === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), words }];
  });
}
