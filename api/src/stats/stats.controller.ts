import type { Stats, StatsPeriod } from '@claude-projects/shared/contract';
import { Controller, Inject } from '@nestjs/common';
import { Endpoint, RouteQuery } from '../http/endpoint.decorator.ts';
import { StatsService } from './stats.service.ts';

@Controller()
export class StatsController {
  constructor(@Inject(StatsService) private readonly stats: StatsService) {}

  @Endpoint('getStats')
  read(@RouteQuery('getStats') period: StatsPeriod): Promise<Stats> {
    return this.stats.read(period);
  }
}
