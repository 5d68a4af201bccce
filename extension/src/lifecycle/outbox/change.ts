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
export type Change =
  | { readonly kind: 'create-session'; readonly body: CreateSession }
  | { readonly kind: 'update-session'; readonly session_id: string; readonly body: UpdateSession }
  | { readonly kind: 'fail-session'; readonly session_id: string; readonly body: MarkFailed }
  | { readonly kind: 'create-task'; readonly body: CreateTask }
  | { readonly kind: 'update-task'; readonly task_id: string; readonly body: UpdateTask }
  | { readonly kind: 'delete-task'; readonly session_id: string; readonly task_id: string };

/** Reads a change. Fields that only a newer version knows stay in it: the API says whether it takes them. */
export const ReadChange = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('create-session'), body: z.looseObject(CreateSession.shape) }),
  z.looseObject({ kind: z.literal('update-session'), session_id: Uuid, body: z.looseObject(UpdateSession.shape) }),
  z.looseObject({ kind: z.literal('fail-session'), session_id: Uuid, body: z.looseObject(MarkFailed.shape) }),
  z.looseObject({ kind: z.literal('create-task'), body: z.looseObject(CreateTask.shape) }),
  z.looseObject({ kind: z.literal('update-task'), task_id: Uuid, body: z.looseObject(UpdateTask.shape) }),
  z.looseObject({ kind: z.literal('delete-task'), session_id: Uuid, task_id: Uuid }),
]);

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
