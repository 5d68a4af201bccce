export type Status = 'ok' | 'degraded' | 'error';

/** A whole is as well as the worst of its parts. */
export function worstOf(statuses: readonly Status[]): Status {
  if (statuses.includes('error')) return 'error';
  return statuses.includes('degraded') ? 'degraded' : 'ok';
}
