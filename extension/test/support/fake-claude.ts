import type { ClaudeKnown } from '../../src/claude-code/claude-known.ts';
import { Emitter } from '../../src/platform/emitter.ts';
import type { ClaudeSessions } from '../../src/sessions/claude-facts.ts';

/** What is known of the sessions of Claude Code on this machine: nothing, until a test says it. */
export class FakeClaude implements ClaudeSessions {
  readonly #known = new Map<string, ClaudeKnown>();
  readonly #changed = new Emitter<void>((error) => {
    throw error;
  });
  readonly onDidChange = this.#changed.event;

  knownOf(sessionId: string): ClaudeKnown | undefined {
    return this.#known.get(sessionId);
  }

  know(sessionId: string, facts: Partial<ClaudeKnown> = {}): void {
    this.#known.set(sessionId, sampleKnown(facts));
    this.#changed.fire();
  }
}

export function sampleKnown(facts: Partial<ClaudeKnown> = {}): ClaudeKnown {
  return {
    conversation: 'a-conversation',
    cwd: '/home/ada/shop',
    process: undefined,
    proof: undefined,
    currentTool: undefined,
    lastMessage: undefined,
    model: undefined,
    contextTokens: undefined,
    isDouble: false,
    ...facts,
  };
}
