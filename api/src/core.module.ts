import { type DynamicModule, Module } from '@nestjs/common';
import { CLOCK, type Clock } from './common/clock.ts';
import { MAKE_ID, type MakeId } from './common/ids.ts';
import { CONFIGURATION, type Configuration } from './config/configuration.ts';
import { Log } from './logging/log.ts';

/** What every part of the API may ask for, made outside so that tests decide it. */
export interface CoreParts {
  configuration: Configuration;
  clock: Clock;
  log: Log;
  makeId: MakeId;
}

@Module({})
export class CoreModule {
  static of({ configuration, clock, log, makeId }: CoreParts): DynamicModule {
    return {
      module: CoreModule,
      global: true,
      providers: [
        { provide: CONFIGURATION, useValue: configuration },
        { provide: CLOCK, useValue: clock },
        { provide: MAKE_ID, useValue: makeId },
        { provide: Log, useValue: log },
      ],
      exports: [CONFIGURATION, CLOCK, MAKE_ID, Log],
    };
  }
}
