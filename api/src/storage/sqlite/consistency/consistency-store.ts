import { ConsistencyFinding } from '@claude-projects/shared/contract';
import * as z from 'zod/mini';
import type { ConsistencyCheck } from '../../consistency.ts';
import type { ConsistencyStore } from '../../storage.ts';
import type { Connection } from '../engine/connection.ts';
import type { Runner } from '../engine/runner.ts';
import { json, time } from '../sql/fields.ts';
import { toStored } from '../sql/values.ts';
import { SEARCHES } from './suspects.ts';

const Findings = z.array(ConsistencyFinding);

export function createConsistencyStore(runner: Runner): ConsistencyStore {
  return {
    suspects: (kind, after, limit) =>
      runner.run((connection) => connection.consistently(() => SEARCHES[kind](connection, after, limit))),
    saveCheck: (check) => runner.run((connection) => saveCheck(connection, check)),
    lastCheck: () => runner.run(lastCheck),
  };
}

function saveCheck(connection: Connection, { checked_at, findings }: ConsistencyCheck): void {
  connection.run(
    `INSERT INTO consistency_checks (name, checked_at, findings) VALUES ('last', :checked_at, :findings)
     ON CONFLICT (name) DO UPDATE SET checked_at = excluded.checked_at, findings = excluded.findings`,
    { checked_at: toStored(checked_at), findings: JSON.stringify(findings) },
  );
}

function lastCheck(connection: Connection): ConsistencyCheck | null {
  const row = connection.first(`SELECT checked_at, findings FROM consistency_checks WHERE name = 'last'`);
  return row && { checked_at: time(row, 'checked_at'), findings: Findings.parse(json(row, 'findings')) };
}
