import { NotFoundError } from '@claude-projects/shared/client';
import type { Machine } from '@claude-projects/shared/contract';
import type { Connection } from '../connection/connection.ts';
import type { Clock } from '../platform/clock.ts';
import type { Disposable } from '../platform/disposable.ts';
import { errorText } from '../platform/error-text.ts';
import type { Log } from '../platform/log.ts';

export interface MachineFacts {
  readonly machineId: string;
  readonly hostname: string;
  readonly dockerSlot: number | undefined;
}

export interface MachinePulseParts {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly log: Log;
  readonly intervalMs: () => number;
  readonly facts: () => Promise<MachineFacts>;
}

/** Says that this machine lives, while a session of this window does; registers it where it is not known yet. */
export class MachinePulse implements Disposable {
  readonly #parts: MachinePulseParts;
  readonly #ended = new AbortController();
  #timer: Disposable | undefined;

  constructor(parts: MachinePulseParts) {
    this.#parts = parts;
  }

  start(): void {
    if (!this.#timer && !this.#ended.signal.aborted) this.#turn();
  }

  stop(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  dispose(): void {
    this.#ended.abort();
    this.stop();
  }

  #turn(): void {
    const timer = this.#parts.clock.after(this.#parts.intervalMs(), () => {
      if (this.#timer === timer) this.#turn();
    });
    this.#timer = timer;
    void this.#pulse();
  }

  /** Nothing hangs on it: a machine that misses a turn is told of with the next. */
  async #pulse(): Promise<void> {
    try {
      const { machineId, hostname, dockerSlot } = await this.#parts.facts();
      const machine = await this.#beat(machineId);
      const slots = machine?.docker_slots ?? [];
      const missing = dockerSlot !== undefined && !slots.includes(dockerSlot);
      if (machine && !missing) return;
      // Two windows that add their slots in the same moment may lose one; the next turn adds it again.
      const docker_slots = missing ? [...slots, dockerSlot] : slots;
      await this.#parts.connection.call(
        (client, signal) => client.registerMachine({ machine_id: machineId, hostname, docker_slots }, { signal }),
        this.#ended.signal,
      );
    } catch (error) {
      this.#parts.log.debug(`The machine could not be reported: ${errorText(error)}`);
    }
  }

  async #beat(machineId: string): Promise<Machine | undefined> {
    try {
      return await this.#parts.connection.call(
        (client, signal) => client.sendMachineHeartbeat(machineId, { signal }),
        this.#ended.signal,
      );
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }
}
