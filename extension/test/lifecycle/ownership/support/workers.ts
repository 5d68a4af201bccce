import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { on } from 'node:events';
import { join } from 'node:path';
import { type Order, Report } from './messages.ts';

export interface WorkerLimits {
  /** Of 512 bytes: larger the system lets no file of it become. */
  readonly maxFileBlocks?: number;
}

export class Worker {
  readonly reports: Report[] = [];
  readonly #child: ChildProcess;
  readonly ended: Promise<void>;

  constructor({ maxFileBlocks }: WorkerLimits = {}) {
    const quiet = '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON';
    // Without the trap the system would end the process for writing too much, where a full disk would refuse.
    const limited = `trap '' XFSZ; ulimit -f ${maxFileBlocks}; exec "${process.execPath}" ${quiet} "$0"`;
    this.#child = fork(join(import.meta.dirname, 'worker.ts'), {
      stdio: 'inherit',
      ...(maxFileBlocks === undefined ? { execArgv: [quiet] } : { execPath: '/bin/sh', execArgv: ['-c', limited] }),
    });
    this.#child.on('message', (message) => this.reports.push(Report.parse(message)));
    this.ended = new Promise((done) => this.#child.once('exit', () => done()));
  }

  order(order: Order): void {
    this.#child.send(order);
  }

  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(name);
  }

  has(kind: Report['kind']): boolean {
    return this.reports.some((report) => report.kind === kind);
  }

  count(kind: Report['kind']): number {
    return this.reports.filter((report) => report.kind === kind).length;
  }

  /** After each of its reports it is looked at again. Only the limit of the test bounds it: many start slowly at once. */
  async until(condition: () => boolean): Promise<void> {
    if (condition()) return;
    for await (const _ of on(this.#child, 'message', { close: ['exit'] })) if (condition()) return;
    assert.fail(`the worker ended, and had said ${JSON.stringify(this.reports.slice(-5))}`);
  }
}

/** Processes that end with the test that started them. */
export function workers(): (limits?: WorkerLimits) => Promise<Worker> {
  let all: Worker[] = [];
  afterEach(async () => {
    for (const worker of all) worker.signal('SIGKILL');
    await Promise.all(all.map(({ ended }) => ended));
    all = [];
  });
  return async (limits) => {
    const worker = new Worker(limits);
    all.push(worker);
    await worker.until(() => worker.has('ready'));
    return worker;
  };
}
