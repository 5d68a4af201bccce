import type {
  ListMachines,
  Machine,
  MachineList,
  RegisterMachine,
  UpdateMachine,
} from '@claude-projects/shared/contract';
import { Controller, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Endpoint, RouteBody, RouteQuery } from '../http/endpoint.decorator.ts';
import { MachinesService } from './machines.service.ts';

@Controller()
export class MachinesController {
  constructor(@Inject(MachinesService) private readonly machines: MachinesService) {}

  @Endpoint('registerMachine')
  async register(
    @RouteBody('registerMachine') body: RegisterMachine,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Machine> {
    const { created, machine } = await this.machines.register(body);
    if (!created) void reply.status(200);
    return machine;
  }

  @Endpoint('listMachines')
  list(@RouteQuery('listMachines') query: ListMachines): Promise<MachineList> {
    return this.machines.list(query);
  }

  @Endpoint('getMachine')
  get(@Param('machineId') machineId: string): Promise<Machine> {
    return this.machines.get(machineId);
  }

  @Endpoint('updateMachine')
  update(@Param('machineId') machineId: string, @RouteBody('updateMachine') body: UpdateMachine): Promise<Machine> {
    return this.machines.update(machineId, body);
  }

  @Endpoint('deleteMachine')
  delete(@Param('machineId') machineId: string): Promise<void> {
    return this.machines.delete(machineId);
  }

  @Endpoint('sendMachineHeartbeat')
  heartbeat(@Param('machineId') machineId: string): Promise<Machine> {
    return this.machines.heartbeat(machineId);
  }
}
