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

/** A change that puts the session into a place, which may be taken. */
export type Placing = Extract<Change, { kind: 'create-session' | 'update-session' }>;

export function isPlacing(change: Change): change is Placing {
  return change.kind === 'create-session' || isMove(change);
}

export function isMove(change: Change): boolean {
  return change.kind === 'update-session' && change.body.docker_slot !== undefined;
}

export function toSlot(change: Placing, docker_slot: number): Placing {
  return change.kind === 'create-session'
    ? { ...change, body: { ...change.body, docker_slot } }
    : { ...change, body: { ...change.body, docker_slot } };
}

/** Brings back a stalled session whose place was taken. */
export function moveTo(session_id: string, docker_slot: number): Change {
  return { kind: 'update-session', session_id, body: { status: 'active', docker_slot } };
}

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

  replace(before: Change | undefined, after: Change): void {
    if (before) this.remove(before);
    this.add(after);
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
