import type { Call } from './load-plan.ts';

/** What a client sends while its session works. */
export function heartbeatCalls(sessionIds: readonly string[]): Call[] {
  return sessionIds.map((id) => ({
    method: 'POST',
    path: `/api/sessions/${id}/heartbeat`,
    body: JSON.stringify({ activity: 'working' }),
  }));
}

export const LIST_CALL: Call = { method: 'GET', path: '/api/sessions?limit=50' };
