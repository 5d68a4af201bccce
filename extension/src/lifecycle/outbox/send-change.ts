import { ApiError, type CallOptions, type StateTrackingApiClient, type Task } from '@claude-projects/shared/client';
import type { TaskStatus } from '@claude-projects/shared/contract';
import type { Connection } from '../../connection/connection.ts';
import type { Learned } from '../../sessions/learned.ts';
import type { Change } from './change.ts';
import { withoutPrompts } from './without-prompts.ts';

type DeleteTask = Extract<Change, { kind: 'delete-task' }>;

const TIMEOUT_MS = 10_000;

/**
 * One delivery. What was delivered already, by a process that died before it could note it, counts as delivered.
 * Resolves with what the reply says; undefined where the API in use must not be sent the change. Rejects with what the API, or the way to it, said.
 */
export async function sendChange(
  connection: Connection,
  change: Change,
  signal: AbortSignal,
): Promise<Learned | undefined> {
  try {
    return await send(connection, change, signal);
  } catch (error) {
    if (change.kind === 'delete-task') {
      if (!(error instanceof ApiError) || error.code !== 'TASK_NOT_FOUND') throw error;
      return deletionOf(change);
    }
    const task = await taskBeyond(connection, change, error, signal);
    if (task) return { kind: 'task', task };
    // This machine's clock is ahead. What happened is worth more than when.
    if (!refusesDate(error) || change.body.occurred_at === undefined) throw error;
    return send(connection, withoutDate(change), signal);
  }
}

/** The address is looked at when the change leaves: until then another API may be chosen. */
function send(connection: Connection, change: Change, signal: AbortSignal): Promise<Learned | undefined> {
  return connection.call(async (client, signal) => {
    const sent = connection.address?.mode === 'local' ? change : withoutPrompts(change);
    if (sent !== undefined) return request(client, sent, options(signal));
    // The connection counts whatever succeeds as an answer of the API: so there must be one.
    await client.getHealth(options(signal));
    return undefined;
  }, signal);
}

async function request(client: StateTrackingApiClient, change: Change, options: CallOptions): Promise<Learned> {
  switch (change.kind) {
    case 'create-session':
      return { kind: 'new-session', session: await client.createSession(change.body, options) };
    case 'update-session':
      return { kind: 'session', session: await client.updateSession(change.session_id, change.body, options) };
    case 'fail-session':
      return { kind: 'session', session: await client.markSessionFailed(change.session_id, change.body, options) };
    case 'create-task':
      return { kind: 'task', task: await client.createTask(change.body, options) };
    case 'update-task':
      return { kind: 'task', task: await client.updateTask(change.task_id, change.body, options) };
    case 'delete-task': {
      const task = await client.getTask(change.task_id, options);
      // The session was recovered meanwhile: its successor decides on the task.
      if (task.session_id !== change.session_id) return { kind: 'task', task };
      await client.deleteTask(change.task_id, options);
      return deletionOf(change);
    }
    default:
      return change satisfies never;
  }
}

function deletionOf({ session_id, task_id }: DeleteTask): Learned {
  return { kind: 'deleted-task', session_id, task_id };
}

function options(signal: AbortSignal): CallOptions {
  return { signal, timeoutMs: TIMEOUT_MS, retries: 0 };
}

function refusesDate(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    error.code === 'VALIDATION_FAILED' &&
    error.details.some(({ field }) => field === 'occurred_at')
  );
}

function withoutDate(change: Exclude<Change, DeleteTask>): Change {
  switch (change.kind) {
    case 'create-session':
      return { ...change, body: dateless(change.body) };
    case 'update-session':
      return { ...change, body: dateless(change.body) };
    case 'fail-session':
      return { ...change, body: dateless(change.body) };
    case 'create-task':
      return { ...change, body: dateless(change.body) };
    case 'update-task':
      return { ...change, body: dateless(change.body) };
    default:
      return change satisfies never;
  }
}

function dateless<T extends { occurred_at?: string | undefined }>(body: T): T {
  return { ...body, occurred_at: undefined };
}

/** The task, if it has gone that way already, or further. */
async function taskBeyond(
  connection: Connection,
  change: Change,
  error: unknown,
  signal: AbortSignal,
): Promise<Task | undefined> {
  if (change.kind !== 'update-task' || change.body.status === undefined) return undefined;
  if (!(error instanceof ApiError) || error.code !== 'INVALID_TRANSITION') return undefined;
  const task = await connection.call((client, signal) => client.getTask(change.task_id, options(signal)), signal);
  const { status } = task;
  // A step that only a newer server knows: whether this change is behind it cannot be said.
  if (status === 'unknown') return undefined;
  return status === change.body.status || STAGE[status] > STAGE[change.body.status] ? task : undefined;
}

const STAGE: Readonly<Record<TaskStatus, number>> = { pending: 0, blocked: 1, in_progress: 1, completed: 2, failed: 2 };
