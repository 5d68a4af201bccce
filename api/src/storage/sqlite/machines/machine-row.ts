import { MachineStatus } from '@claude-projects/shared/contract';
import * as z from 'zod/mini';
import type { MachineRecord } from '../../records.ts';
import type { Row } from '../engine/connection.ts';
import { json, metadata, oneOf, text, time } from '../sql/fields.ts';

const Numbers = z.array(z.int());
const Texts = z.array(z.string());

export const SETTABLE_MACHINE_COLUMNS = [
  'hostname',
  'docker_slots',
  'active_sessions',
  'status',
  'last_heartbeat',
  'updated_at',
] as const satisfies readonly (keyof MachineRecord)[];

export const MACHINE_COLUMNS = [
  'machine_id',
  ...SETTABLE_MACHINE_COLUMNS,
  'metadata',
  'created_at',
] as const satisfies readonly (keyof MachineRecord)[];

export const MACHINE = MACHINE_COLUMNS.join(', ');

export function toMachine(row: Row): MachineRecord {
  return {
    machine_id: text(row, 'machine_id'),
    hostname: text(row, 'hostname'),
    docker_slots: Numbers.parse(json(row, 'docker_slots')),
    active_sessions: Texts.parse(json(row, 'active_sessions')),
    status: oneOf(row, 'status', MachineStatus.options),
    last_heartbeat: time(row, 'last_heartbeat'),
    metadata: metadata(row, 'metadata'),
    created_at: time(row, 'created_at'),
    updated_at: time(row, 'updated_at'),
  };
}

export function toMachineOrNull(row: Row | null): MachineRecord | null {
  return row && toMachine(row);
}
