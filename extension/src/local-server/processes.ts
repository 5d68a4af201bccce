import { execFile, spawn } from 'node:child_process';
import { Socket } from 'node:net';

export interface ProcessRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface ProcessEnd {
  /** Null where it was killed, or could not even begin. */
  readonly code: number | null;
  /** The last of what it wrote on standard error. */
  readonly errors: string;
}

/** A process that outlives whoever started it. */
export interface ServerProcess {
  readonly pid: number | undefined;
  /** Never rejects. */
  readonly ended: Promise<ProcessEnd>;
  /** What it writes from now on is its own affair; its end is still told. */
  stopReading(): void;
  /** At once, without order: for one that hangs. */
  kill(): void;
}

export interface Processes {
  start(request: ProcessRequest): ServerProcess;
  /** What it wrote on standard output; undefined if it failed, or took too long. */
  ask(request: ProcessRequest, timeoutMs: number): Promise<string | undefined>;
}

const LAST_ERRORS_LENGTH = 2000;

export const systemProcesses: Processes = {
  start({ command, args, cwd, env }) {
    const child = spawn(command, args, {
      cwd,
      env,
      detached: true,
      windowsHide: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const { stderr } = child;
    let errors = '';
    stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-LAST_ERRORS_LENGTH);
    });
    // Neither keeps a window's process alive.
    child.unref();
    if (stderr instanceof Socket) stderr.unref();
    const ended = new Promise<ProcessEnd>((resolve) => {
      child.once('error', (error) => resolve({ code: null, errors: error.message }));
      // Not `exit`: what it wrote last may still be on its way.
      child.once('close', (code) => resolve({ code, errors: errors.trim() }));
    });
    return {
      pid: child.pid,
      ended,
      stopReading: () => stderr.destroy(),
      kill: () => child.kill('SIGKILL'),
    };
  },
  ask({ command, args, cwd, env }, timeoutMs) {
    return new Promise((resolve) => {
      execFile(command, args, { cwd, env, timeout: timeoutMs, windowsHide: true }, (error, stdout) => {
        resolve(error ? undefined : stdout);
      });
    });
  },
};
