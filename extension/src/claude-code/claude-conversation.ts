import type { Session } from '@claude-projects/shared/client';
import * as z from 'zod/mini';
import type { ClaudeState } from './claude-state.ts';
import type { Liveness, LookAtProcess } from './process-look.ts';
import type { Spool } from './spool.ts';

/** It becomes a word of a command: nothing in it may mean anything to a shell. */
const OfClaude = z.object({ claude_session_id: z.string().check(z.regex(/^[A-Za-z0-9][\w-]{0,99}$/)) });

/** The conversation of Claude Code behind a session; undefined for a session of another agent. */
export function conversationIn({ metadata }: Pick<Session, 'metadata'>): string | undefined {
  return OfClaude.safeParse(metadata).data?.claude_session_id;
}

/**
 * Where the conversation of a session is; undefined for a session of another agent, and for a conversation that only a
 * newer version can resume.
 */
export type ConversationPlace = 'here' | 'elsewhere' | undefined;

export async function placeOfConversation(
  session: Pick<Session, 'metadata'>,
  spool: Pick<Spool, 'state'>,
): Promise<ConversationPlace> {
  const conversation = conversationIn(session);
  if (conversation === undefined) return undefined;
  const state = await spool.state(conversation);
  if (state === 'newer') return undefined;
  return state === undefined ? 'elsewhere' : 'here';
}

/** The program and its arguments, words that need no quotes in any shell. */
export function resumeWords(conversation: string, liveness: Liveness): readonly string[] {
  // Two processes would write into one conversation: unless the old one is known to be dead, the new one gets a copy.
  const fork = liveness === 'gone' ? [] : ['--fork-session'];
  return ['claude', '--resume', conversation, ...fork];
}

export async function livenessOf(
  { process, seenAt }: Pick<ClaudeState, 'process' | 'seenAt'>,
  look: LookAtProcess,
): Promise<Liveness> {
  return process ? look(process, seenAt) : 'unknown';
}
