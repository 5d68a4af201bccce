import type { DetailedHealth, ServiceHealth, ServiceReadiness } from '@claude-projects/shared/contract';
import { Controller, Inject } from '@nestjs/common';
import { CLOCK, type Clock } from '../common/clock.ts';
import { VERSION } from '../common/version.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { STORAGE } from '../storage/storage.module.ts';
import type { Storage } from '../storage/storage.ts';
import { DetailedHealthService } from './detailed-health.service.ts';

@Controller()
export class HealthController {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(DetailedHealthService) private readonly details: DetailedHealthService,
  ) {}

  @Endpoint('getHealth')
  health(): ServiceHealth {
    return {
      status: 'ok',
      service: 'claude-projects',
      version: VERSION,
      timestamp: this.clock.now().toISOString(),
      uptime: process.uptime(),
    };
  }

  @Endpoint('getLiveness')
  live(): ServiceHealth {
    return this.health();
  }

  @Endpoint('getReadiness')
  async ready(): Promise<ServiceReadiness> {
    await this.storage.ping();
    return { status: 'ok', timestamp: this.clock.now().toISOString() };
  }

  /** 200 whatever it says: the service answered, and the body tells how its parts are. */
  @Endpoint('getDetailedHealth')
  detailed(): Promise<DetailedHealth> {
    return this.details.report();
  }
}
