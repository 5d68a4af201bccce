import { Activity, SessionStatus } from '@claude-projects/shared/contract';
import mongoose from 'mongoose';
import type { SessionRecord } from '../../records.ts';
import { metadata, number, oneOf, optionalText, optionalTime, schemaOptions, text, time } from './field-types.ts';

export const sessionSchema = new mongoose.Schema<SessionRecord>(
  {
    session_id: text,
    project_id: text,
    machine_id: text,
    docker_slot: { type: Number, default: null },
    status: oneOf(SessionStatus.options),
    activity: oneOf(Activity.options),
    activity_detail: optionalText,
    current_task_id: optionalText,
    last_heartbeat: time,
    last_progress_at: time,
    started_at: time,
    completed_at: optionalTime,
    stalled_at: optionalTime,
    returned_at: optionalTime,
    archived_at: optionalTime,
    error_message: optionalText,
    recovered_from: optionalText,
    recovered_by: optionalText,
    recovery_attempts: number,
    recovery_prepared_at: optionalTime,
    metadata,
    next_position: number,
    created_from: text,
    expires_at: optionalTime,
    created_at: time,
    updated_at: time,
  },
  { ...schemaOptions, collection: 'sessions' },
);
