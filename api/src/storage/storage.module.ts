import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, type Clock } from '../common/clock.ts';
import { CONFIGURATION, type Configuration } from '../config/configuration.ts';
import { Log } from '../logging/log.ts';
import { protectStorage } from './protection/protected-storage.ts';
import type { Storage } from './storage.ts';

export const STORAGE = Symbol('Storage');

/** Holds the opened storage, behind its circuit breaker, and closes it when the application ends, after the last request was answered. */
@Module({})
export class StorageModule implements OnApplicationShutdown {
  constructor(@Inject(STORAGE) private readonly storage: Storage) {}

  static of(storage: Storage): DynamicModule {
    return {
      module: StorageModule,
      global: true,
      providers: [
        {
          provide: STORAGE,
          inject: [CONFIGURATION, CLOCK, Log],
          useFactory: ({ databaseTimeoutMs }: Configuration, clock: Clock, log: Log) =>
            protectStorage(storage, { clock, log, timeoutMs: databaseTimeoutMs }),
        },
      ],
      exports: [STORAGE],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.storage.close();
  }
}
