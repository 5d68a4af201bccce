import { MachineStatus } from '@claude-projects/shared/contract';
import type { MachineRecord } from '../../records.ts';
import { metadata, numbers, oneOf, type Stored, text, texts, time } from './fields.ts';

export function toMachine(stored: Stored): MachineRecord {
  return {
    machine_id: text(stored, 'machine_id'),
    hostname: text(stored, 'hostname'),
    docker_slots: numbers(stored, 'docker_slots'),
    active_sessions: texts(stored, 'active_sessions'),
    status: oneOf(stored, 'status', MachineStatus.options),
    last_heartbeat: time(stored, 'last_heartbeat'),
    metadata: metadata(stored, 'metadata'),
    created_at: time(stored, 'created_at'),
    updated_at: time(stored, 'updated_at'),
  };
}

export function toMachineOrNull(stored: Stored | null): MachineRecord | null {
  return stored && toMachine(stored);
}
