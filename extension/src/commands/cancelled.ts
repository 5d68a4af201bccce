import { AbortedError } from '@claude-projects/shared/client';

/** The user closed a question without an answer: nothing failed, and nothing needs to be said. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** What the cancel button of a progress notification ended counts as well: a call, or whatever looks at its signal. */
export function isCancellation(error: unknown): boolean {
  if (error instanceof Cancelled || error instanceof AbortedError) return true;
  return error instanceof DOMException && error.name === 'AbortError';
}
