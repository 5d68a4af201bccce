import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { AuthModule } from './auth/auth.module.ts';
import { CoreModule, type CoreParts } from './core.module.ts';
import { DocsModule } from './docs/docs.module.ts';
import { HealthModule } from './health/health.module.ts';
import { ContractValidationPipe } from './http/contract-validation.pipe.ts';
import { ErrorFilter } from './http/error.filter.ts';
import { JobsModule } from './jobs/jobs.module.ts';
import { MachinesModule } from './machines/machines.module.ts';
import { measureStorage } from './metrics/measured-storage.ts';
import { MetricsModule } from './metrics/metrics.module.ts';
import type { Metrics } from './metrics/metrics.ts';
import { SessionsModule } from './sessions/sessions.module.ts';
import { StatsModule } from './stats/stats.module.ts';
import { StorageModule } from './storage/storage.module.ts';
import type { Storage } from './storage/storage.ts';
import { TasksModule } from './tasks/tasks.module.ts';

export interface AppParts extends CoreParts {
  storage: Storage;
  /** What is measured goes there. */
  metrics: Metrics;
}

@Module({})
export class AppModule {
  static of(parts: AppParts): DynamicModule {
    return {
      module: AppModule,
      imports: [
        CoreModule.of(parts),
        StorageModule.of(measureStorage(parts.storage, parts.metrics)),
        MetricsModule.of(parts.metrics),
        AuthModule,
        SessionsModule,
        TasksModule,
        MachinesModule,
        StatsModule,
        HealthModule,
        DocsModule,
        JobsModule,
      ],
      providers: [
        { provide: APP_FILTER, useClass: ErrorFilter },
        { provide: APP_PIPE, useClass: ContractValidationPipe },
      ],
    };
  }
}
