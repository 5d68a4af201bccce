import type { StatsPeriod } from '@claude-projects/shared/contract';
import { validationError } from '../common/domain-error.ts';
import type { Period } from '../storage/measures.ts';

const DEFAULT_DAYS = 30;
const DAY_MS = 24 * 3_600_000;
/** Beyond these, which an offset can reach, a time has no spelling that a reply could give. */
const EARLIEST = 0;
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** The period asked for; by default the last 30 days. */
export function periodOf(asked: StatsPeriod, now: Date): Period {
  const until = asked.until === undefined ? now : readTime('until', asked.until);
  const since =
    asked.since === undefined
      ? new Date(Math.max(EARLIEST, until.getTime() - DEFAULT_DAYS * DAY_MS))
      : readTime('since', asked.since);
  if (since >= until) throw validationError([{ field: 'since', message: 'must lie before until' }]);
  return { since, until };
}

function readTime(field: keyof StatsPeriod, text: string): Date {
  const time = new Date(text);
  if (time.getTime() >= EARLIEST && time.getTime() <= LATEST) return time;
  throw validationError([{ field, message: 'must lie between 1970 and 9999' }]);
}
