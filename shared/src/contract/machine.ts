import * as z from 'zod/mini';
import { LIMITS } from './limits.ts';
import { Metadata, StoredMetadata } from './metadata.ts';
import { DockerSlot, limitUpTo, MachineId, Offset, page, Timestamp, text } from './primitives.ts';

export const MachineStatus = z.enum(['online', 'offline', 'maintenance']).check(
  z.meta({
    id: 'MachineStatus',
    description:
      'offline: for three stall thresholds neither the machine nor a session on it sent a heartbeat; the next heartbeat makes it online. maintenance: set by a person, and ended by a person only.',
  }),
);
export type MachineStatus = z.output<typeof MachineStatus>;

const DockerSlots = z.array(DockerSlot).check(
  z.maxLength(LIMITS.dockerSlotsPerMachine),
  z.refine((slots) => new Set(slots).size === slots.length, { error: 'must not name a slot twice' }),
);

export const Machine = z
  .object({
    machine_id: z.string(),
    hostname: z.string(),
    docker_slots: z.array(z.int()),
    active_sessions: z.array(z.string()).check(z.meta({ description: 'Ids of its sessions that have not ended.' })),
    status: MachineStatus,
    last_heartbeat: Timestamp,
    metadata: StoredMetadata,
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .check(z.meta({ id: 'Machine' }));
export type Machine = z.output<typeof Machine>;

export const RegisterMachine = z
  .strictObject({
    machine_id: z.optional(MachineId),
    hostname: text(LIMITS.hostnameLength),
    docker_slots: DockerSlots,
    metadata: z.optional(Metadata),
  })
  .check(
    z.meta({
      id: 'RegisterMachine',
      description:
        'A machine that registers again under its id is brought up to date: hostname and slots are set, metadata is merged key by key, and an offline machine is online again. A machine in maintenance stays there.',
    }),
  );
export type RegisterMachine = z.output<typeof RegisterMachine>;

export const UpdateMachine = z
  .strictObject({
    status: z.optional(MachineStatus),
    docker_slots: z.optional(DockerSlots),
    metadata: z.optional(Metadata),
  })
  .check(z.meta({ id: 'UpdateMachine', description: 'Metadata is merged key by key; the rest is set.' }));
export type UpdateMachine = z.output<typeof UpdateMachine>;

export const ListMachines = z.strictObject({
  status: z.optional(MachineStatus),
  limit: limitUpTo(LIMITS.machinesPerPage),
  offset: Offset,
});
export type ListMachines = z.output<typeof ListMachines>;

export const MachineList = z.object({ machines: z.array(Machine), ...page }).check(z.meta({ id: 'MachineList' }));
export type MachineList = z.output<typeof MachineList>;
