import { Module } from '@nestjs/common';
import { RequestLimits } from './request-limits.ts';

@Module({ providers: [RequestLimits], exports: [RequestLimits] })
export class LimitsModule {}
