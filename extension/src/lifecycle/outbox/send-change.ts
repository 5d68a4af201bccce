import { ApiError, type CallOptions, type StateTrackingApiClient } from '@claude-projects/shared/client';
import type { TaskStatus } from '@claude-projects/shared/contract';
import type { Connection } from '../../connection/connection.ts';
import type { Change } from './change.ts';
import { withoutPrompts } from './without-prompts.ts';

const TIMEOUT_MS = 10_000;

/**
 * One delivery. What was delivered already, by a process that died before it could note it, counts as delivered.
 * Rejects with what the API, or the way to it, said.
 */
export async function sendChange(connection: Connection, change: Change, signal: AbortSignal): Promise<void> {
  try {
    await send(connection, change, signal);
  } catch (error) {
    if (await isBehindIt(connection, change, error, signal)) return;
    // This machine's clock is ahead. What happened is worth more than when.
    if (!refusesDate(error) || change.body.occurred_at === undefined) throw error;
    await send(connection, withoutDate(change), signal);
  }
}

/** The address is looked at when the change leaves: until then another API may be chosen. */
function send(connection: Connection, change: Change, signal: AbortSignal): Promise<unknown> {
  return connection.call((client, signal) => {
    const sent = connection.address?.mode === 'local' ? change : withoutPrompts(change);
    // The connection counts whatever succeeds as an answer of the API: so there must be one.
    return sent === undefined ? client.getHealth(options(signal)) : request(client, sent, options(signal));
  }, signal);
}

function request(client: StateTrackingApiClient, change: Change, options: CallOptions): Promise<unknown> {
  switch (change.kind) {
    case 'create-session':
      return client.createSession(change.body, options);
    case 'update-session':
      return client.updateSession(change.session_id, change.body, options);
    case 'fail-session':
      return client.markSessionFailed(change.session_id, change.body, options);
    case 'create-task':
      return client.createTask(change.body, options);
    case 'update-task':
      return client.updateTask(change.task_id, change.body, options);
    default:
      return change satisfies never;
  }
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

function withoutDate(change: Change): Change {
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

/** The task has gone that way already, and further. */
async function isBehindIt(
  connection: Connection,
  change: Change,
  error: unknown,
  signal: AbortSignal,
): Promise<boolean> {
  if (change.kind !== 'update-task' || change.body.status === undefined) return false;
  if (!(error instanceof ApiError) || error.code !== 'INVALID_TRANSITION') return false;
  const { status } = await connection.call((client, signal) => client.getTask(change.task_id, options(signal)), signal);
  return status === change.body.status || STAGE[status] > STAGE[change.body.status];
}

const STAGE: Readonly<Record<TaskStatus, number>> = { pending: 0, blocked: 1, in_progress: 1, completed: 2, failed: 2 };
