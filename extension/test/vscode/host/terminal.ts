// The extension host has no terminal: what it writes to the console goes to the runner's, in order.
import { formatWithOptions } from 'node:util';
import { askRunner } from '../support/runner.ts';

const METHODS = ['log', 'info', 'warn', 'error', 'debug'] as const;

export interface Terminal {
  readonly print: (...values: unknown[]) => void;
  /** Gives the console back, when all that was written has arrived. */
  readonly close: () => Promise<void>;
}

export function connectTerminal(): Terminal {
  const colors = process.env['TEST_COLOR'] === 'true';
  let sent: Promise<void> = Promise.resolve();
  const print = (...values: unknown[]): void => {
    const line = formatWithOptions({ colors }, ...values);
    // A line that cannot be sent must not stop those after it; the exit code tells of the failure all the same.
    sent = sent.then(async () => void (await askRunner('/print', line))).catch(() => {});
  };
  const restore = METHODS.map((method) => replace(method, print));
  return {
    print,
    async close() {
      for (const undo of restore) undo();
      await sent;
    },
  };
}

/** Defines instead of assigning: the editor has made assignments to the console's methods vanish. */
function replace(method: (typeof METHODS)[number], print: Terminal['print']): () => void {
  const original = Object.getOwnPropertyDescriptor(console, method);
  Object.defineProperty(console, method, { configurable: true, writable: true, value: print });
  return () => {
    if (original) Object.defineProperty(console, method, original);
  };
}
