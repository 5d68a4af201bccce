import type { Session } from '@claude-projects/shared/client';
import type { ClaudeKnown, Proof } from '../claude-code/claude-known.ts';
import { agoText } from '../platform/ages.ts';
import type { Event } from '../platform/emitter.ts';
import type { Localize } from '../platform/localize.ts';
import { shortText } from '../platform/plain-text.ts';
import { isLive } from './health.ts';

/** What is known of sessions of Claude Code on this machine alone. */
export interface ClaudeSessions {
  /** Undefined where the session is not one of Claude Code, or runs on another machine. */
  knownOf(sessionId: string): ClaudeKnown | undefined;
  readonly onDidChange: Event<unknown>;
}

const MOST_MESSAGE = 240;
const MOST_TOOL = 120;

export function knownOfLive(session: Session, claude: Pick<ClaudeSessions, 'knownOf'>): ClaudeKnown | undefined {
  return isLive(session) ? claude.knownOf(session.session_id) : undefined;
}

/** For tooltips and pages, in their order. */
export function claudeFacts(
  known: ClaudeKnown | undefined,
  now: number,
  localize: Localize,
): readonly (readonly [name: string, value: string])[] {
  if (known === undefined) return [];
  const { proof, currentTool, lastMessage, model, contextTokens } = known;
  const facts: readonly (readonly [string, string | undefined])[] = [
    [localize('Known from'), proof && proofText(proof, now, localize)],
    [localize('Tool'), currentTool && shortText(currentTool, MOST_TOOL)],
    [localize('Last message'), lastMessage && shortText(lastMessage, MOST_MESSAGE)],
    [localize('Model'), model],
    [localize('Context'), contextTokens === undefined ? undefined : tokensText(contextTokens, localize)],
  ];
  return facts.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]]));
}

function proofText({ signal, name, at }: Proof, now: number, localize: Localize): string {
  const age = agoText(Math.max(0, now - at), localize);
  switch (signal) {
    case 'hook':
      return localize('its hook {0}, {1}', name, age);
    case 'register':
      return localize('Claude Code’s register: {0}, {1}', name, age);
    case 'process':
      return localize('its process: {0}, {1}', name, age);
    default:
      return signal satisfies never;
  }
}

/** In thousands, so that a row does not change with each answer. */
function tokensText(tokens: number, localize: Localize): string {
  return tokens < 1000 ? localize('{0} tokens', tokens) : localize('{0}k tokens', Math.round(tokens / 1000));
}
