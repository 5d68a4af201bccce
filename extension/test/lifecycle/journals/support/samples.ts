import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { HeldSession, JournalStart, Journals } from '../../../../src/lifecycle/journals.ts';
import type { Change } from '../../../../src/lifecycle/outbox/change.ts';
import type { TrackedSession } from '../../../../src/lifecycle/tracked-session.ts';

const AT = '2026-03-01T09:00:00.000Z';

export function trackedSession(changes: Partial<TrackedSession> = {}): TrackedSession {
  return {
    session_id: randomUUID(),
    project_id: 'acme/shop',
    machine_id: 'laptop',
    workspace: 'shop',
    since: AT,
    ...changes,
  };
}

export function started(session: TrackedSession, occurred_at = AT): JournalStart {
  const { session_id, project_id, machine_id, metadata } = session;
  return {
    origin: 'started',
    create: {
      kind: 'create-session',
      body: { session_id, project_id, machine_id, ...(metadata && { metadata }), occurred_at },
    },
  };
}

export const createTask = (
  session: TrackedSession,
  task_id: string,
  task_name = 'a task',
  occurred_at = AT,
): Change => ({
  kind: 'create-task',
  body: { task_id, session_id: session.session_id, project_id: session.project_id, task_name, occurred_at },
});

export const updateTask = (
  session: TrackedSession,
  task_id: string,
  status: 'in_progress' | 'completed' | 'blocked',
  occurred_at = AT,
): Change => ({ kind: 'update-task', task_id, body: { session_id: session.session_id, status, occurred_at } });

export const renameTask = (session: TrackedSession, task_id: string, task_name: string, occurred_at = AT): Change => ({
  kind: 'update-task',
  task_id,
  body: { session_id: session.session_id, task_name, occurred_at },
});

export const deleteTask = ({ session_id }: TrackedSession, task_id: string): Change => ({
  kind: 'delete-task',
  session_id,
  task_id,
});

export const completeSession = ({ session_id }: TrackedSession, occurred_at = AT): Change => ({
  kind: 'update-session',
  session_id,
  body: { status: 'completed', occurred_at },
});

/** A journal of a session that nobody else holds. */
export async function createHeld(
  journals: Journals,
  session: TrackedSession,
  start: JournalStart,
): Promise<HeldSession> {
  const held = await journals.create(session, start);
  assert.ok(held, 'another process holds the session');
  return held;
}
