import type { RunContext } from './run-context.ts';

export interface Check {
  readonly id: string;
  readonly title: string;
  readonly criteria: readonly string[];
  /** Without it nothing after it can succeed. */
  readonly decisive?: true;
  /** Why it is left out, if it is. */
  readonly leftOut?: (run: RunContext) => string | undefined;
  /** Resolves with what is worth telling; throws where something is not as it must be. */
  readonly verify: (run: RunContext) => Promise<string | void>;
}
