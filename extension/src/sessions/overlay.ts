import type { Session, Task } from '@claude-projects/shared/client';
import type { CreateTask, UpdateTask } from '@claude-projects/shared/contract';
import type { Change } from '../lifecycle/outbox/change.ts';
import { endsSession } from '../lifecycle/outbox/journal-state.ts';
import type { OwnSession, Present } from '../lifecycle/own-session.ts';
import type { TrackedSession } from '../lifecycle/tracked-session.ts';
import type { KnownTasks } from './session-tasks.ts';

/** A session, and its tasks as far as they are known. */
export interface Overlaid {
  readonly session: Session;
  readonly tasks: KnownTasks;
}

/** What the API was last read to say. */
export interface Read {
  readonly session: Session | undefined;
  readonly tasks: KnownTasks | undefined;
}

const MINUTE_MS = 60_000;

/**
 * What the API will say once it has the recorded changes of this window. Where no change waits, the reading wins.
 * Where nothing differs, the result is the same object that was read.
 */
export function overlay(read: Read, own: OwnSession, now: number): Overlaid {
  return { session: overlaySession(read.session, own, now), tasks: overlayTasks(read, own) };
}

export function overlaySession(read: Session | undefined, own: OwnSession, now: number): Session {
  // The API refuses whatever this window still has to deliver of an ended session.
  if (read && isOver(read)) return read;
  const recorded = own.undelivered.reduce(withSessionChange, read ?? sessionFrom(own.session));
  return own.present && !isOver(recorded) ? withPresent(recorded, own.present, own, now) : recorded;
}

function overlayTasks({ session, tasks: read }: Read, own: OwnSession): KnownTasks {
  const known = read ?? tasksFrom(own);
  if (session && isOver(session)) return known;
  const changes = own.undelivered.filter(({ kind }) => kind !== 'create-session' && kind !== 'update-session');
  if (changes.length === 0) return known;
  const tasks = new Map(known.tasks.map((task) => [task.task_id, task]));
  for (const change of changes) applyTo(tasks, change, known.total - known.tasks.length);
  return { tasks: [...tasks.values()], total: known.total - known.tasks.length + tasks.size };
}

/** When a session fails, the API fails its running tasks. This does the same to one of them. */
export function failRunning(task: Task, at: string, message: string): Task {
  if (task.status !== 'in_progress') return task;
  return { ...task, status: 'failed', completed_at: at, error_message: message };
}

function isOver({ status, recovered_by, archived_at }: Session): boolean {
  return status === 'completed' || status === 'failed' || recovered_by !== null || archived_at !== null;
}

function withSessionChange(session: Session, change: Change): Session {
  if (!endsSession(change)) return session;
  const { body } = change;
  const isFailure = change.kind === 'fail-session' || ('status' in body && body.status === 'failed');
  return {
    ...session,
    status: isFailure ? 'failed' : 'completed',
    health: 'ended',
    current_task_id: null,
    completed_at: body.occurred_at ?? session.updated_at,
    error_message: 'error_message' in body ? (body.error_message ?? null) : null,
  };
}

/** Heartbeats report what the tracker says, so the tracker is newer than the last heartbeat that was read. */
function withPresent(session: Session, present: Present, own: OwnSession, now: number): Session {
  const { activity, activityDetail, currentTask } = present;
  const isOwnTask = own.tasks.some(({ taskId }) => taskId === session.current_task_id);
  const isRemoved = own.undelivered.some(
    (change) => change.kind === 'delete-task' && change.task_id === session.current_task_id,
  );
  const current_task_id = currentTask?.taskId ?? (isOwnTask || isRemoved ? null : session.current_task_id);
  const activity_detail = activityDetail ?? null;
  const { health, last_heartbeat } = vitalsOf(session, activity === 'waiting_for_input', now);
  const isSame =
    session.activity === activity &&
    session.activity_detail === activity_detail &&
    session.current_task_id === current_task_id &&
    session.health === health &&
    session.last_heartbeat === last_heartbeat;
  if (isSame) return session;
  return { ...session, activity, activity_detail, current_task_id, health, last_heartbeat };
}

/** While no heartbeat reaches the API, the session counts as alive because this window tracks it. */
function vitalsOf(session: Session, isWaiting: boolean, now: number): Pick<Session, 'health' | 'last_heartbeat'> {
  const { health, last_heartbeat } = session;
  if (health !== 'healthy' && health !== 'late' && health !== 'waiting') return session;
  const isFresh = now - Date.parse(last_heartbeat) <= MINUTE_MS;
  return {
    health: isWaiting ? 'waiting' : 'healthy',
    // Rounded to the minute, so that the session changes once a minute at most.
    last_heartbeat: isFresh ? last_heartbeat : new Date(Math.floor(now / MINUTE_MS) * MINUTE_MS).toISOString(),
  };
}

function applyTo(tasks: Map<string, Task>, change: Change, unread: number): void {
  switch (change.kind) {
    case 'create-session':
    case 'update-session':
      return;
    case 'fail-session': {
      const { error_message, occurred_at = '' } = change.body;
      for (const [id, task] of tasks) tasks.set(id, failRunning(task, occurred_at, error_message));
      return;
    }
    case 'create-task': {
      const task = taskFrom(change.body, unread + tasks.size);
      // A task that was read already was created by a process that died before it could record that.
      if (!tasks.has(task.task_id)) tasks.set(task.task_id, task);
      return;
    }
    case 'update-task': {
      const task = tasks.get(change.task_id);
      if (task) tasks.set(change.task_id, withUpdate(task, change.body));
      return;
    }
    case 'delete-task':
      tasks.delete(change.task_id);
      return;
    default:
      change satisfies never;
  }
}

function taskFrom(body: CreateTask, position: number): Task {
  const { task_id = '', session_id, project_id, github_issue_id = null, task_name, metadata = {} } = body;
  const { occurred_at: at = '' } = body;
  const task = { ...UNTOUCHED, task_id, session_id, project_id, github_issue_id, task_name, metadata, position };
  return { ...task, created_at: at, updated_at: at };
}

function withUpdate(task: Task, { task_name, error_message, metadata, occurred_at, ...update }: UpdateTask): Task {
  const status = update.status ?? task.status;
  const at = occurred_at ?? task.updated_at;
  const hasEnded = status === 'completed' || status === 'failed';
  return {
    ...task,
    task_name: task_name ?? task.task_name,
    status,
    started_at: status === 'in_progress' ? (task.started_at ?? at) : task.started_at,
    completed_at: hasEnded ? (task.completed_at ?? at) : null,
    error_message: error_message ?? task.error_message,
    metadata: { ...task.metadata, ...metadata },
  };
}

const UNTOUCHED = { status: 'pending', started_at: null, completed_at: null, error_message: null } as const;

function sessionFrom({ session_id, project_id, machine_id, docker_slot, metadata, since }: TrackedSession): Session {
  return {
    session_id,
    project_id,
    machine_id,
    docker_slot: docker_slot ?? null,
    status: 'active',
    health: 'healthy',
    activity: 'working',
    activity_detail: null,
    current_task_id: null,
    last_heartbeat: since,
    last_progress_at: since,
    started_at: since,
    completed_at: null,
    stalled_at: null,
    archived_at: null,
    error_message: null,
    recovered_from: null,
    recovered_by: null,
    recovery_attempts: 0,
    metadata: metadata ?? {},
    created_at: since,
    updated_at: since,
  };
}

/** Without those that wait to be created. Their details are not known until the API is asked. */
function tasksFrom({ session, tasks, undelivered }: OwnSession): KnownTasks {
  const { session_id, project_id, since } = session;
  const waiting = new Set(
    undelivered.flatMap((change) => (change.kind === 'create-task' ? (change.body.task_id ?? []) : [])),
  );
  const created = tasks.filter(({ taskId }) => !waiting.has(taskId));
  return {
    total: created.length,
    tasks: created.map(({ taskId, name, status }, position) => ({
      ...UNTOUCHED,
      task_id: taskId,
      session_id,
      project_id,
      github_issue_id: null,
      task_name: name,
      status,
      position,
      metadata: {},
      created_at: since,
      updated_at: since,
    })),
  };
}
