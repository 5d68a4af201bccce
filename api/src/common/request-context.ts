import { AsyncLocalStorage } from 'node:async_hooks';

export interface RequestContext {
  readonly requestId: string;
  readonly endpoint: string;
  /** The session that the path names. */
  readonly sessionId?: string | undefined;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** From here on everything this request causes, and logs, knows which request it belongs to. */
export function enterRequest(context: RequestContext): void {
  storage.enterWith(context);
}

export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}
