import mongoose from 'mongoose';
import type { EndedStatus } from '../../storage.ts';
import { number, optionalTime, schemaOptions } from './field-types.ts';

/** `all` of a day, and of each of its hours that has any: `h0` to `h23`. */
export type HourlyCounts = Readonly<Record<string, number>>;

/** How many ended sessions the database's own clock will delete on one day, or never; see `count-buckets.ts`. */
export interface SessionCountDocument extends Readonly<Record<EndedStatus, HourlyCounts>> {
  /** The end of the day, in UTC; null for those that are kept. */
  until: Date | null;
  shard: number;
}

export const sessionCountSchema = new mongoose.Schema<SessionCountDocument>(
  {
    until: optionalTime,
    shard: number,
    completed: { type: mongoose.Schema.Types.Mixed },
    failed: { type: mongoose.Schema.Types.Mixed },
  },
  { ...schemaOptions, collection: 'session_counts' },
);
