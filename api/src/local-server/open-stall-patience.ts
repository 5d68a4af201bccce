import type { Storage } from '../storage/storage.ts';
import { StallPatience, type StallPatienceParts } from './stall-patience.ts';

/** The last server listened at least until it last looked for stalled sessions, which it did each minute. */
export async function openStallPatience(
  storage: Storage,
  parts: Omit<StallPatienceParts, 'lastListenedAt'>,
): Promise<StallPatience> {
  const runs = await storage.leases.lastRuns();
  const lastListenedAt = runs.find(({ job }) => job === 'detect-failures')?.started_at;
  return new StallPatience({ ...parts, lastListenedAt });
}
