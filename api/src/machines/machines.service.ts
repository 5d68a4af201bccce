import type {
  ListMachines,
  Machine,
  MachineList,
  RegisterMachine,
  UpdateMachine,
} from '@claude-projects/shared/contract';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../common/clock.ts';
import { DomainError } from '../common/domain-error.ts';
import { MAKE_ID, type MakeId } from '../common/ids.ts';
import { assertMetadataFits } from '../common/metadata-size.ts';
import { Log } from '../logging/log.ts';
import type { MachineRecord } from '../storage/records.ts';
import { STORAGE } from '../storage/storage.module.ts';
import type { Storage } from '../storage/storage.ts';

@Injectable()
export class MachinesService {
  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(MAKE_ID) private readonly makeId: MakeId,
    @Inject(Log) private readonly log: Log,
  ) {}

  async register(input: RegisterMachine): Promise<{ created: boolean; machine: Machine }> {
    const now = this.clock.now();
    const machineId = input.machine_id ?? this.makeId();
    const { created, record } = await this.storage.transaction(async ({ sessions, machines }) => {
      const registered = await machines.register({
        machine_id: machineId,
        hostname: input.hostname,
        docker_slots: input.docker_slots,
        active_sessions: await sessions.listLiveIds(machineId),
        status: 'online',
        last_heartbeat: now,
        metadata: input.metadata ?? {},
        created_at: now,
        updated_at: now,
      });
      assertMetadataFits(registered.record.metadata);
      return registered;
    });
    this.log.info('Machine registered', { machine_id: machineId, first_time: created });
    return { created, machine: toMachine(record) };
  }

  async get(machineId: string): Promise<Machine> {
    const record = await this.storage.machines.get(machineId);
    if (!record) throw machineNotFound();
    return toMachine(record);
  }

  async list({ limit, offset, ...filter }: ListMachines): Promise<MachineList> {
    const page = { limit, offset };
    const { records, total } = await this.storage.machines.list(filter, page);
    return { machines: records.map(toMachine), total, ...page };
  }

  async update(machineId: string, { metadata, status, docker_slots }: UpdateMachine): Promise<Machine> {
    const now = this.clock.now();
    const record = await this.storage.transaction(async ({ machines }) => {
      const updated = await machines.update(machineId, {
        set: {
          updated_at: now,
          ...(status !== undefined && { status }),
          ...(docker_slots !== undefined && { docker_slots }),
        },
        ...(metadata && { mergeMetadata: metadata }),
      });
      if (updated && metadata) assertMetadataFits(updated.metadata);
      return updated;
    });
    if (!record) throw machineNotFound();
    return toMachine(record);
  }

  /** Also mends its list of sessions, should it ever disagree with them. Maintenance is left to people. */
  async heartbeat(machineId: string): Promise<Machine> {
    const now = this.clock.now();
    const record = await this.storage.transaction(async ({ sessions, machines }) =>
      machines.heartbeat(machineId, now, await sessions.listLiveIds(machineId)),
    );
    if (!record) throw machineNotFound();
    return toMachine(record);
  }

  async delete(machineId: string): Promise<void> {
    if (await this.storage.machines.deleteIdle(machineId)) {
      this.log.info('Machine deleted', { machine_id: machineId });
      return;
    }
    const machine = await this.storage.machines.get(machineId);
    if (!machine) throw machineNotFound();
    throw new DomainError(
      'MACHINE_IN_USE',
      `Machine ${machineId} still has ${machine.active_sessions.length} live sessions. End or recover them first.`,
    );
  }
}

function toMachine(record: MachineRecord): Machine {
  return {
    machine_id: record.machine_id,
    hostname: record.hostname,
    docker_slots: record.docker_slots,
    active_sessions: record.active_sessions,
    status: record.status,
    last_heartbeat: record.last_heartbeat.toISOString(),
    metadata: record.metadata,
    created_at: record.created_at.toISOString(),
    updated_at: record.updated_at.toISOString(),
  };
}

function machineNotFound(): DomainError {
  return new DomainError('MACHINE_NOT_FOUND', 'There is no machine with this id.');
}
