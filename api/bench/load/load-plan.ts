import * as z from 'zod/mini';

const Call = z.object({ method: z.enum(['GET', 'POST']), path: z.string(), body: z.optional(z.string()) });

/** What the load generator is told to do; it runs in a process of its own and gets this as JSON. */
export const LoadPlan = z.object({
  url: z.string(),
  key: z.string(),
  connections: z.number(),
  seconds: z.number(),
  /** Dealt out to the connections in turn, so that each connection goes round its own share of them. */
  calls: z.array(Call),
});
export type LoadPlan = z.output<typeof LoadPlan>;
export type Call = z.output<typeof Call>;

export const PacedPlan = z.object({
  url: z.string(),
  key: z.string(),
  seconds: z.number(),
  /** Each of these is called once in every interval, spread evenly over it. */
  paths: z.array(z.string()),
  intervalMs: z.number(),
});
export type PacedPlan = z.output<typeof PacedPlan>;

/** Latencies in milliseconds, from every reply, not from samples. */
export const LoadResult = z.object({
  requestsPerSecond: z.number(),
  requests: z.number(),
  p50: z.number(),
  p95: z.number(),
  p99: z.number(),
  /** Replies other than 2xx, and requests that got none. */
  failures: z.number(),
  /** How busy the generator itself was, 0 to 1: near 1 it, and not the server, set the pace. */
  generatorBusy: z.number(),
});
export type LoadResult = z.output<typeof LoadResult>;
