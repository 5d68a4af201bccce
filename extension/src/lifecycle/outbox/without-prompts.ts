import type { Metadata } from '@claude-projects/shared/contract';
import type { Change } from './change.ts';

/**
 * The change without a title that was made of a prompt. Titles in updates, and all titles of Claude Code's sessions, are made
 * of prompts. A title with which an orchestrator creates its session may be sent. Undefined where nothing is left to send.
 */
export function withoutPrompts(change: Change): Change | undefined {
  switch (change.kind) {
    case 'update-session': {
      const body = withoutTitle(change.body);
      return Object.values(body).every((value) => value === undefined) ? undefined : { ...change, body };
    }
    case 'create-session':
      return change.body.metadata?.['source'] === 'claude-code'
        ? { ...change, body: withoutTitle(change.body) }
        : change;
    case 'fail-session':
    case 'create-task':
    case 'update-task':
    case 'delete-task':
      return change;
    default:
      return change satisfies never;
  }
}

function withoutTitle<T extends { metadata?: Metadata | undefined }>(body: T): T {
  if (body.metadata === undefined || !('title' in body.metadata)) return body;
  const { title: _title, ...metadata } = body.metadata;
  return { ...body, metadata: Object.keys(metadata).length === 0 ? undefined : metadata };
}
