import {
  CreateSession,
  CreateTask,
  MarkFailed,
  UpdateSession,
  UpdateTask,
  Uuid,
} from '@claude-projects/shared/contract';
import * as z from 'zod/mini';

/** What happened in a session and is to be told to the API: each is one request, and safe to repeat. */
export const Change = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('create-session'), body: CreateSession }),
  z.object({ kind: z.literal('update-session'), session_id: Uuid, body: UpdateSession }),
  z.object({ kind: z.literal('fail-session'), session_id: Uuid, body: MarkFailed }),
  z.object({ kind: z.literal('create-task'), body: CreateTask }),
  z.object({ kind: z.literal('update-task'), task_id: Uuid, body: UpdateTask }),
]);
export type Change = z.output<typeof Change>;

/** How much may wait of one session. A change may bring 64 KiB of metadata, so that their number alone bounds little. */
const MOST_CHANGES = 10_000;
const MOST_CHARACTERS = 16 * 1024 * 1024;

/** Counts what waits against these bounds. */
export class Load {
  #changes = 0;
  #characters = 0;

  add(change: Change): void {
    this.#changes += 1;
    this.#characters += sizeOf(change);
  }

  remove(change: Change): void {
    this.#changes -= 1;
    this.#characters -= sizeOf(change);
  }

  hasRoomFor(change: Change): boolean {
    return this.#changes < MOST_CHANGES && this.#characters + sizeOf(change) <= MOST_CHARACTERS;
  }
}

function sizeOf(change: Change): number {
  return JSON.stringify(change).length;
}
