import type { Stats, StatsPeriod } from '@claude-projects/shared/contract';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../common/clock.ts';
import { STORAGE } from '../storage/storage.module.ts';
import type { Storage } from '../storage/storage.ts';
import { periodOf } from './stats-period.ts';
import { toStats } from './stats-reply.ts';

const MOST_REASONS = 10;

@Injectable()
export class StatsService {
  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async read(asked: StatsPeriod): Promise<Stats> {
    const period = periodOf(asked, this.clock.now());
    const measures = await this.storage.history.measure(period, MOST_REASONS);
    return toStats(period, measures, await this.storage.consistency.lastCheck());
  }
}
