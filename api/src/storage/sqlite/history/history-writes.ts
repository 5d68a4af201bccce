import type { StallRecord } from '../../records.ts';
import type { HeartbeatCounts } from '../../storage.ts';
import type { Connection } from '../engine/connection.ts';
import { toStored } from '../sql/values.ts';

const RECORD_STALL = `
  INSERT INTO stalls (session_id, detected_at, last_heartbeat, silence_ms)
  VALUES (:session_id, :detected_at, :last_heartbeat, max(0, :detected_at - :last_heartbeat))
  ON CONFLICT DO NOTHING`;

export function recordStalls(connection: Connection, stalls: readonly StallRecord[]): void {
  if (stalls.length === 0) return;
  connection.atomically(() => {
    for (const { session_id, detected_at, last_heartbeat } of stalls) {
      connection.run(RECORD_STALL, {
        session_id,
        detected_at: toStored(detected_at),
        last_heartbeat: toStored(last_heartbeat),
      });
    }
  });
}

export function recordReturn(connection: Connection, sessionId: string, at: Date): void {
  connection.run(
    `UPDATE stalls SET returned_at = :at WHERE session_id = :session_id AND returned_at IS NULL AND detected_at =
       (SELECT max(detected_at) FROM stalls WHERE session_id = :session_id)`,
    { session_id: sessionId, at: toStored(at) },
  );
}

export function countHeartbeats(connection: Connection, hour: Date, { received, refused }: HeartbeatCounts): void {
  connection.run(
    `INSERT INTO heartbeat_counts (hour, received, refused) VALUES (:hour, :received, :refused)
     ON CONFLICT (hour) DO UPDATE SET received = received + excluded.received, refused = refused + excluded.refused`,
    { hour: toStored(hour), received, refused },
  );
}

export function forgetBefore(connection: Connection, before: Date): void {
  connection.atomically(() => {
    connection.run('DELETE FROM stalls WHERE detected_at < :before', { before: toStored(before) });
    connection.run('DELETE FROM heartbeat_counts WHERE hour < :before', { before: toStored(before) });
  });
}
