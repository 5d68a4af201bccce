import { AsyncLocalStorage } from 'node:async_hooks';

interface RequestContext {
  readonly requestId: string;
  readonly endpoint: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** From here on everything this request causes, and logs, knows which request it belongs to. */
export function enterRequest(context: RequestContext): void {
  storage.enterWith(context);
}

export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}
