import * as z from 'zod/mini';
import { Timestamp } from './primitives.ts';

const ServiceStatus = z.enum(['ok', 'degraded', 'error']).check(z.meta({ id: 'ServiceStatus' }));
const Uptime = z.number().check(z.minimum(0), z.meta({ description: 'Seconds since the process started.' }));

export const ServiceHealth = z
  .object({
    status: z.enum(['ok']),
    service: z.literal('claude-projects').check(z.meta({ description: 'Tells this API from any other server.' })),
    version: z.string(),
    timestamp: Timestamp,
    uptime: Uptime,
  })
  .check(z.meta({ id: 'ServiceHealth' }));
export type ServiceHealth = z.output<typeof ServiceHealth>;

export const ServiceReadiness = z
  .object({ status: z.enum(['ok', 'error']), timestamp: Timestamp })
  .check(z.meta({ id: 'ServiceReadiness' }));
export type ServiceReadiness = z.output<typeof ServiceReadiness>;

const JobHealth = z
  .object({
    name: z.string(),
    status: ServiceStatus,
    last_run: z.nullable(Timestamp),
  })
  .check(
    z.meta({
      id: 'JobHealth',
      description: '`degraded`: the job is overdue. `error`: its last run failed. `last_run` is null: it never ran.',
    }),
  );

export const DetailedHealth = z
  .object({
    status: ServiceStatus,
    timestamp: Timestamp,
    uptime: Uptime,
    version: z.string(),
    environment: z.string(),
    dependencies: z.object({
      database: z.object({
        status: ServiceStatus,
        engine: z.enum(['sqlite', 'mongodb']),
        connected: z.boolean(),
        response_time_ms: z.nullable(z.number()),
      }),
      background_jobs: z.object({
        status: ServiceStatus,
        last_run: z.nullable(Timestamp),
        jobs: z.array(JobHealth),
      }),
    }),
  })
  .check(z.meta({ id: 'DetailedHealth' }));
export type DetailedHealth = z.output<typeof DetailedHealth>;

export const OpenApiDocument = z.looseObject({
  openapi: z.string(),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), z.unknown()),
});
export type OpenApiDocument = z.output<typeof OpenApiDocument>;
