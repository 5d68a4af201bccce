import { type Machine, NotFoundError } from '@claude-projects/shared/client';
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

/**
 * Sends heartbeats of this machine while a session of this window lives, and registers a machine that the API does not
 * know. Of a known machine it adds its slot only: maintenance and metadata belong to others.
 */
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

  /** A missed machine heartbeat is sent with the next one. */
  async #pulse(): Promise<void> {
    try {
      const { machineId, hostname, dockerSlot } = await this.#parts.facts();
      const machine = await this.#beat(machineId);
      const slots = machine?.docker_slots ?? [];
      const missing = dockerSlot === undefined || slots.includes(dockerSlot) ? [] : [dockerSlot];
      if (machine && missing.length === 0) return;
      // Two windows that add their slots in the same moment may lose one; the next turn adds it again.
      const docker_slots = [...slots, ...missing];
      await this.#parts.connection.call(
        (client, signal) =>
          machine
            ? client.updateMachine(machineId, { docker_slots }, { signal })
            : client.registerMachine({ machine_id: machineId, hostname, docker_slots }, { signal }),
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
