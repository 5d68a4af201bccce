import { TaskStatus } from '@claude-projects/shared/contract';
import mongoose from 'mongoose';
import type { TaskRecord } from '../../records.ts';
import { metadata, number, oneOf, optionalText, optionalTime, schemaOptions, text, time } from './field-types.ts';

export const taskSchema = new mongoose.Schema<TaskRecord>(
  {
    task_id: text,
    session_id: text,
    project_id: text,
    github_issue_id: optionalText,
    task_name: text,
    status: oneOf(TaskStatus.options),
    position: number,
    started_at: optionalTime,
    completed_at: optionalTime,
    error_message: optionalText,
    metadata,
    created_from: text,
    expires_at: optionalTime,
    created_at: time,
    updated_at: time,
  },
  { ...schemaOptions, collection: 'tasks' },
);
