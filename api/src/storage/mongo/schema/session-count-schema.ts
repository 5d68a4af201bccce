import mongoose from 'mongoose';
import type { EndedStatus } from '../../storage.ts';
import { number, schemaOptions } from './field-types.ts';

/** By the day on which they may be deleted; see `count-buckets.ts`. */
export type DayCounts = Readonly<Record<string, number>>;

/** A share of the counts of ended sessions: what is asked for is the sum of all shards. */
export interface SessionCountDocument extends Readonly<Record<EndedStatus, DayCounts>> {
  shard: number;
  /** Whether what the database held before there were counts is counted. */
  complete: boolean;
}

const dayCounts = { type: mongoose.Schema.Types.Mixed };

export const sessionCountSchema = new mongoose.Schema<SessionCountDocument>(
  { shard: number, complete: { type: Boolean }, completed: dayCounts, failed: dayCounts },
  { ...schemaOptions, collection: 'session_counts' },
);
