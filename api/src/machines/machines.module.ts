import { Module } from '@nestjs/common';
import { MachinesController } from './machines.controller.ts';
import { MachinesService } from './machines.service.ts';

@Module({ controllers: [MachinesController], providers: [MachinesService] })
export class MachinesModule {}
