export interface CallSignal {
  readonly signal: AbortSignal;
  /** Takes the listeners off the caller's signals. The call that made this owes it, however it ends. */
  dispose(): void;
}

/**
 * One signal that aborts when any of several does. Not `AbortSignal.any`: that ties itself to its sources until the
 * garbage collector comes, and a client's signal outlives many thousand calls.
 */
export function combineSignals(sources: readonly (AbortSignal | undefined)[]): CallSignal {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const signals = sources.filter((source) => source !== undefined);
  for (const signal of signals) {
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  }
  return {
    signal: controller.signal,
    dispose() {
      for (const signal of signals) signal.removeEventListener('abort', abort);
    },
  };
}
