import { inspect } from 'node:util';

/** A chain of causes that is longer than this is a circle. */
const MOST_CAUSES = 5;

/** The stack with those of its causes: what a driver said is often the only part that helps. */
export function stackOf(error: unknown): string | undefined {
  const stacks: string[] = [];
  for (let cause = error; cause !== undefined && stacks.length <= MOST_CAUSES; cause = causeOf(cause)) {
    stacks.push(cause instanceof Error ? (cause.stack ?? cause.message) : inspect(cause));
  }
  return stacks.length === 0 ? undefined : stacks.join('\ncaused by: ');
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
