import type { StallRecord } from '../../records.ts';
import type { HeartbeatCounts } from '../../storage.ts';
import type { Stored } from '../documents/fields.ts';
import { time } from '../documents/fields.ts';
import type { Runner } from '../engine/runner.ts';
import { upserting } from '../engine/upsert.ts';

/** Upserts, so that a stall which is told again is there once. */
export async function recordStalls({ models, options, run }: Runner, stalls: readonly StallRecord[]): Promise<void> {
  if (stalls.length === 0) return;
  const writes = stalls.map(({ session_id, detected_at, last_heartbeat }) => ({
    updateOne: {
      filter: { session_id, detected_at },
      update: {
        $setOnInsert: {
          last_heartbeat,
          silence_ms: Math.max(0, detected_at.getTime() - last_heartbeat.getTime()),
          returned_at: null,
        },
      },
      upsert: true,
    },
  }));
  await run(() => upserting(() => models.stalls.bulkWrite(writes, { ...options, ordered: false })));
}

export async function recordReturn({ models, options, run }: Runner, sessionId: string, at: Date): Promise<void> {
  const latest = await run(() =>
    models.stalls
      .findOne({ session_id: sessionId }, { detected_at: 1 }, options)
      .sort({ detected_at: -1 })
      .lean<Stored>(),
  );
  if (!latest) return;
  const open = { session_id: sessionId, detected_at: time(latest, 'detected_at'), returned_at: null };
  await run(() => models.stalls.updateOne(open, { $set: { returned_at: at } }, options));
}

export async function countHeartbeats(
  { models, options, run }: Runner,
  hour: Date,
  { received, refused }: HeartbeatCounts,
): Promise<void> {
  await run(() =>
    upserting(() =>
      models.heartbeatCounts.updateOne({ hour }, { $inc: { received, refused } }, { ...options, upsert: true }),
    ),
  );
}

export async function forgetBefore({ models, options, run }: Runner, before: Date): Promise<void> {
  await run(() => models.stalls.deleteMany({ detected_at: { $lt: before } }, options));
  await run(() => models.heartbeatCounts.deleteMany({ hour: { $lt: before } }, options));
}
