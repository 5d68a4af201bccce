import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { systemErrorCode } from '../outbox/files.ts';

/** Who holds a journal, and whether somebody else who does still lives. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Where the pid means something: another machine, or another container, counts its own. */
  readonly host: string;
  /** Asked only about pids of this host. */
  isAlive(pid: number): boolean;
}

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, host: `${hostname()}${pidNamespace()}`, isAlive };
}

/** Containers that share their host's name still have pids of their own. Only Linux has them, and only it can tell. */
function pidNamespace(): string {
  try {
    return `/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It exists, and belongs to somebody else.
    return systemErrorCode(error) !== 'ESRCH';
  }
}
