import type { Session } from '@claude-projects/shared/client';

/**
 * Ids of the live sessions that share a checkout with another live session on the same machine: two agents there
 * overwrite each other's work. Computed from `metadata.checkout`, so it ends when the other session ends.
 */
export function sharedCheckouts(sessions: readonly Session[]): ReadonlySet<string> {
  const byCheckout = new Map<string, string[]>();
  for (const { session_id, machine_id, status, metadata } of sessions) {
    const { checkout } = metadata;
    if (status === 'completed' || status === 'failed' || typeof checkout !== 'string') continue;
    const key = JSON.stringify([machine_id, checkout]);
    const ids = byCheckout.get(key);
    if (ids) ids.push(session_id);
    else byCheckout.set(key, [session_id]);
  }
  return new Set([...byCheckout.values()].filter((ids) => ids.length > 1).flat());
}
