import { MachineStatus } from '@claude-projects/shared/contract';
import mongoose from 'mongoose';
import type { MachineRecord } from '../../records.ts';
import { listOf, metadata, oneOf, schemaOptions, text, time } from './field-types.ts';

export const machineSchema = new mongoose.Schema<MachineRecord>(
  {
    machine_id: text,
    hostname: text,
    docker_slots: listOf(Number),
    active_sessions: listOf(String),
    status: oneOf(MachineStatus.options),
    last_heartbeat: time,
    metadata,
    created_at: time,
    updated_at: time,
  },
  { ...schemaOptions, collection: 'machines' },
);
