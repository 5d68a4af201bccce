import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { EVERY, type Every } from '../common/every.ts';
import { Log } from '../logging/log.ts';
import { STORAGE } from '../storage/storage.module.ts';
import type { Storage } from '../storage/storage.ts';
import { HeartbeatCounts } from './heartbeat-counts.ts';

const MINUTE_MS = 60_000;

/**
 * Adds what was counted in memory to the history, once a minute and at the end. A process that is killed takes
 * its last minute of counts with it; they are measures, and nothing depends on them.
 */
@Injectable()
export class HeartbeatFlushService implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: ReturnType<Every> | undefined;
  #flushing: Promise<void> = Promise.resolve();

  constructor(
    @Inject(HeartbeatCounts) private readonly counts: HeartbeatCounts,
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(EVERY) private readonly every: Every,
    @Inject(Log) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = this.every(MINUTE_MS, () => void this.flush());
  }

  /** Never rejects: what could not be kept waits for the next time. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.addToHistory());
    return this.#flushing;
  }

  /** The last requests were answered before this, and the storage is closed after it. */
  async onApplicationShutdown(): Promise<void> {
    this.#timer?.stop();
    await this.flush();
  }

  private async addToHistory(): Promise<void> {
    for (const { hour, counts } of this.counts.take()) {
      try {
        await this.storage.history.countHeartbeats(hour, counts);
      } catch (error) {
        this.counts.putBack(hour, counts);
        this.log.warn('Heartbeat counts not kept yet', { reason: String(error) });
      }
    }
  }
}
