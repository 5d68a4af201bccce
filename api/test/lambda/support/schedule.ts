import { setTimeout as sleep } from 'node:timers/promises';
import type { FunctionInstance } from './function-instance.ts';

const EVERY_MS = 500;

/** Stands where EventBridge does: wakes a job's function again and again, until it is disposed. */
export class Schedule implements AsyncDisposable {
  readonly #stop = new AbortController();
  readonly #turns: Promise<void>;
  readonly failures: unknown[] = [];

  constructor(instance: FunctionInstance) {
    this.#turns = this.#wake(instance);
  }

  async #wake(instance: FunctionInstance): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await instance.invoke({ source: 'aws.scheduler' }).catch((error: unknown) => this.failures.push(error));
      await sleep(EVERY_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#turns;
  }
}
