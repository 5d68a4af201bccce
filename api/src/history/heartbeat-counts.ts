import { Injectable } from '@nestjs/common';
import type { HeartbeatCounts as Counts } from '../storage/storage.ts';

const HOUR_MS = 3_600_000;

/** Counts heartbeats by the hour, in memory: a heartbeat is one storage operation, and counting it is not to be a second. */
@Injectable()
export class HeartbeatCounts {
  #hours = new Map<number, Counts>();

  received(at: Date): void {
    this.#ofHour(at).received++;
  }

  refused(at: Date): void {
    this.#ofHour(at).refused++;
  }

  /** Hands over what was counted so far, and begins anew. */
  take(): { hour: Date; counts: Counts }[] {
    const taken = [...this.#hours].map(([hour, counts]) => ({ hour: new Date(hour), counts }));
    this.#hours = new Map();
    return taken;
  }

  /** Puts back what could not be kept, to be taken again with what has come since. */
  putBack(hour: Date, { received, refused }: Counts): void {
    const counts = this.#ofHour(hour);
    counts.received += received;
    counts.refused += refused;
  }

  #ofHour(at: Date): Counts {
    const hour = Math.floor(at.getTime() / HOUR_MS) * HOUR_MS;
    let counts = this.#hours.get(hour);
    if (!counts) {
      counts = { received: 0, refused: 0 };
      this.#hours.set(hour, counts);
    }
    return counts;
  }
}
