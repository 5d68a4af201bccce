import type { TrackedSession } from './tracked-session.ts';

/** `gone`: it is known that it lives no more. */
export type AgentLiveness = 'alive' | 'gone' | 'unknown';

/** Agents that work in processes of their own: they outlive the windows that track them. */
export interface Agents {
  /** It is for this window to go on with it, whatever workspace it was tracked by. */
  isFollowed(session: TrackedSession): boolean;
  /** When everything that they told while no window was open was taken in, and every one looked at. Never rejects. */
  settled(): Promise<void>;
  /** From then on. Never rejects. */
  livenessOf(sessionId: string): Promise<AgentLiveness>;
}

export const NO_AGENTS: Agents = {
  isFollowed: () => false,
  settled: async () => undefined,
  livenessOf: async () => 'unknown',
};
