import type { Method } from '../contract/route.ts';
import type { Redact } from './redact.ts';

/** What every error and log line of one call has in common. */
export interface CallContext {
  readonly method: Method;
  readonly path: string;
  /** One for all tries of a call, so that the server's log shows them as one. */
  readonly requestId: string;
  readonly redact: Redact;
}

export function callName(context: CallContext): string {
  return context.redact(`${context.method} ${context.path}`);
}
