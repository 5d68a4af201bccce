import type { EventEmitter } from 'node:events';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interruption {
  readonly signal: AbortSignal;
  /** Takes the listeners off again. */
  dispose(): void;
}

/**
 * The first Ctrl+C ends the run and leaves it the time to remove what it stored; `onFirst` says so. Who insists is
 * obeyed: `onSecond` ends the program.
 */
export function interruptible(source: EventEmitter, onFirst: () => void, onSecond: () => void): Interruption {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) {
      onSecond();
      return;
    }
    controller.abort();
    onFirst();
  };
  for (const name of SIGNALS) source.on(name, onSignal);
  return {
    signal: controller.signal,
    dispose() {
      for (const name of SIGNALS) source.off(name, onSignal);
    },
  };
}
