import type { Connection, Model } from 'mongoose';
import type { ExpectedJob, JobRun, MachineRecord, SessionRecord, TaskRecord } from '../../records.ts';
import { expectedJobSchema, jobRunSchema, type LeaseDocument, leaseSchema } from './job-schemas.ts';
import { machineSchema } from './machine-schema.ts';
import {
  type ConsistencyCheckDocument,
  type CounterDocument,
  consistencyCheckSchema,
  counterSchema,
  type HeartbeatCountDocument,
  heartbeatCountSchema,
  type StallDocument,
  stallSchema,
} from './operation-schemas.ts';
import { type SessionCountDocument, sessionCountSchema } from './session-count-schema.ts';
import { sessionSchema } from './session-schema.ts';
import { taskSchema } from './task-schema.ts';

export interface Models {
  readonly sessions: Model<SessionRecord>;
  readonly sessionCounts: Model<SessionCountDocument>;
  readonly tasks: Model<TaskRecord>;
  readonly machines: Model<MachineRecord>;
  readonly leases: Model<LeaseDocument>;
  readonly jobRuns: Model<JobRun>;
  readonly expectedJobs: Model<ExpectedJob>;
  readonly counters: Model<CounterDocument>;
  readonly stalls: Model<StallDocument>;
  readonly heartbeatCounts: Model<HeartbeatCountDocument>;
  readonly consistencyChecks: Model<ConsistencyCheckDocument>;
}

/** Mounting on a connection that has them already gives back the same models. */
export function mountModels(connection: Connection): Models {
  return {
    sessions: connection.model<SessionRecord>('Session', sessionSchema),
    sessionCounts: connection.model<SessionCountDocument>('SessionCount', sessionCountSchema),
    tasks: connection.model<TaskRecord>('Task', taskSchema),
    machines: connection.model<MachineRecord>('Machine', machineSchema),
    leases: connection.model<LeaseDocument>('Lease', leaseSchema),
    jobRuns: connection.model<JobRun>('JobRun', jobRunSchema),
    expectedJobs: connection.model<ExpectedJob>('ExpectedJob', expectedJobSchema),
    counters: connection.model<CounterDocument>('Counter', counterSchema),
    stalls: connection.model<StallDocument>('Stall', stallSchema),
    heartbeatCounts: connection.model<HeartbeatCountDocument>('HeartbeatCount', heartbeatCountSchema),
    consistencyChecks: connection.model<ConsistencyCheckDocument>('ConsistencyCheck', consistencyCheckSchema),
  };
}
