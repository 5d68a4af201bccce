import mongoose from 'mongoose';
import type { ConsistencyCheck } from '../../consistency.ts';
import type { StallRecord } from '../../records.ts';
import { number, optionalTime, schemaOptions, text, time } from './field-types.ts';

export interface CounterDocument {
  key: string;
  window_end: Date;
  hits: number;
}

export const counterSchema = new mongoose.Schema<CounterDocument>(
  { key: text, window_end: time, hits: number },
  { ...schemaOptions, collection: 'counters' },
);

export interface StallDocument extends StallRecord {
  /** Ready-made, so that a percentile is read from an index. */
  silence_ms: number;
  returned_at: Date | null;
}

export const stallSchema = new mongoose.Schema<StallDocument>(
  { session_id: text, detected_at: time, last_heartbeat: time, silence_ms: number, returned_at: optionalTime },
  { ...schemaOptions, collection: 'stalls' },
);

export interface HeartbeatCountDocument {
  hour: Date;
  received: number;
  refused: number;
}

export const heartbeatCountSchema = new mongoose.Schema<HeartbeatCountDocument>(
  { hour: time, received: number, refused: number },
  { ...schemaOptions, collection: 'heartbeat_counts' },
);

export interface ConsistencyCheckDocument extends ConsistencyCheck {
  /** There is one, and it is always the last. */
  name: 'last';
}

export const consistencyCheckSchema = new mongoose.Schema<ConsistencyCheckDocument>(
  { name: text, checked_at: time, findings: { type: mongoose.Schema.Types.Mixed, required: true } },
  { ...schemaOptions, collection: 'consistency_checks' },
);
