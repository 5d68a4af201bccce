import type { MachineRecord } from '../../records.ts';
import type { Connection } from '../engine/connection.ts';
import { toStored } from '../sql/values.ts';
import { MACHINE, toMachine } from './machine-row.ts';

/** Sessions heard since then, in any status. All statuses are listed so that SQLite can use the index. */
const HEARD = `sessions INDEXED BY sessions_by_heartbeat
  WHERE status IN ('active', 'paused', 'stalled', 'completed', 'failed') AND last_heartbeat >= :heard_since`;

const GO_OFFLINE = `
  UPDATE machines SET status = 'offline', updated_at = :at
  WHERE status = 'online' AND last_heartbeat < :heard_since AND machine_id NOT IN (SELECT machine_id FROM ${HEARD})
  RETURNING ${MACHINE}`;

const COME_BACK = `
  UPDATE machines SET status = 'online', updated_at = :at
  FROM (SELECT machine_id, max(last_heartbeat) AS heard_at FROM ${HEARD} GROUP BY machine_id) AS heard
  WHERE heard.machine_id = machines.machine_id AND status = 'offline' AND heard.heard_at > updated_at
  RETURNING ${MACHINE}`;

export function markPresence(connection: Connection, heardSince: Date, at: Date): MachineRecord[] {
  const parameters = { heard_since: toStored(heardSince), at: toStored(at) };
  return connection.atomically(() => [
    ...connection.all(GO_OFFLINE, parameters).map(toMachine),
    ...connection.all(COME_BACK, parameters).map(toMachine),
  ]);
}
