import { type ConnectionState, mayComeBack } from '../connection/connection.ts';
import { backoffMs } from '../platform/backoff.ts';
import type { Random } from '../platform/random.ts';

export const QUIET_MS = 60_000;
export const HIDDEN_MS = 120_000;
const FIRST_RETRY_MS = 5000;

export interface PollingSituation {
  readonly isVisible: boolean;
  /** Of all sessions that are known. */
  readonly isAnythingRunning: boolean;
  /** Whether this window tracks a session. */
  readonly isAnythingTracked: boolean;
  readonly refreshIntervalMs: number;
  readonly connection: ConnectionState;
  /** Since the last reading that succeeded. */
  readonly failures: number;
}

/** How long to wait after one reading before the next; undefined while nobody needs one, or none could succeed. */
export function pollDelayMs(situation: PollingSituation, random: Random): number | undefined {
  const { failures, isVisible, connection } = situation;
  const calm = calmDelayMs(situation);
  if (calm === undefined || !mayComeBack(connection)) return undefined;
  if (failures === 0) return calm;
  // Nobody looks: there is no hurry to find out that it is back.
  const firstMs = isVisible ? FIRST_RETRY_MS : calm;
  return backoffMs({ firstMs, capMs: Math.max(calm, QUIET_MS) }, failures, random);
}

function calmDelayMs(situation: PollingSituation): number | undefined {
  const { isVisible, isAnythingRunning, isAnythingTracked, refreshIntervalMs } = situation;
  if (isVisible) return isAnythingRunning ? refreshIntervalMs : Math.max(QUIET_MS, refreshIntervalMs);
  return isAnythingRunning || isAnythingTracked ? Math.max(HIDDEN_MS, refreshIntervalMs) : undefined;
}
