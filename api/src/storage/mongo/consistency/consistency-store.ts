import { ConsistencyFinding } from '@claude-projects/shared/contract';
import * as z from 'zod/mini';
import type { Clock } from '../../../common/clock.ts';
import type { ConsistencyStore } from '../../storage.ts';
import { type Stored, time } from '../documents/fields.ts';
import type { Runner } from '../engine/runner.ts';
import { upserting } from '../engine/upsert.ts';
import { SEARCHES } from './suspects.ts';

const Findings = z.array(ConsistencyFinding);

export function createConsistencyStore(runner: Runner, clock: Clock): ConsistencyStore {
  const { models, options, run } = runner;
  return {
    suspects: (kind, after, limit) => SEARCHES[kind](runner, after ?? '', limit, clock.now()),
    saveCheck: async ({ checked_at, findings }) => {
      const set = { checked_at, findings };
      await run(() =>
        upserting(() =>
          models.consistencyChecks.updateOne({ name: 'last' }, { $set: set }, { ...options, upsert: true }),
        ),
      );
    },
    lastCheck: async () => {
      const stored = await run(() => models.consistencyChecks.findOne({ name: 'last' }, null, options).lean<Stored>());
      return stored && { checked_at: time(stored, 'checked_at'), findings: Findings.parse(stored['findings']) };
    },
  };
}
