import { type DynamicModule, Module } from '@nestjs/common';
import { CLOCK, type Clock } from './common/clock.ts';
import { MAKE_ID, type MakeId } from './common/ids.ts';
import { SILENCE_LIMIT, type SilenceLimit } from './common/silence-limit.ts';
import { CONFIGURATION, type Configuration } from './config/configuration.ts';
import { Log } from './logging/log.ts';

/** What every part of the API may ask for, made outside so that tests decide it. */
export interface CoreParts {
  configuration: Configuration;
  clock: Clock;
  log: Log;
  makeId: MakeId;
  /** The configured stall threshold unless given. */
  silenceLimit?: SilenceLimit;
}

@Module({})
export class CoreModule {
  static of({ configuration, clock, log, makeId, silenceLimit }: CoreParts): DynamicModule {
    return {
      module: CoreModule,
      global: true,
      providers: [
        { provide: CONFIGURATION, useValue: configuration },
        { provide: CLOCK, useValue: clock },
        { provide: MAKE_ID, useValue: makeId },
        { provide: Log, useValue: log },
        { provide: SILENCE_LIMIT, useValue: silenceLimit ?? { ms: configuration.stallThresholdMs } },
      ],
      exports: [CONFIGURATION, CLOCK, MAKE_ID, Log, SILENCE_LIMIT],
    };
  }
}
