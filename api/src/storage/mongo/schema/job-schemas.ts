import mongoose from 'mongoose';
import type { ExpectedJob, JobRun } from '../../records.ts';
import { number, schemaOptions, text, time } from './field-types.ts';

export interface LeaseDocument {
  name: string;
  holder: string;
  held_until: Date;
}

export const leaseSchema = new mongoose.Schema<LeaseDocument>(
  { name: text, holder: text, held_until: time },
  { ...schemaOptions, collection: 'leases' },
);

export const jobRunSchema = new mongoose.Schema<JobRun>(
  {
    job: text,
    started_at: time,
    duration_ms: number,
    affected: number,
    succeeded: { type: Boolean, required: true },
  },
  { ...schemaOptions, collection: 'job_runs' },
);

export const expectedJobSchema = new mongoose.Schema<ExpectedJob>(
  { job: text, since: time },
  { ...schemaOptions, collection: 'expected_jobs' },
);
