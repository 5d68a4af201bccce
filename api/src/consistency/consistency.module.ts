import { Module } from '@nestjs/common';
import { ConsistencyService } from './consistency.service.ts';

@Module({ providers: [ConsistencyService], exports: [ConsistencyService] })
export class ConsistencyModule {}
