import type { CreateTask, ListTasks, Task, TaskList, UpdateTask } from '@claude-projects/shared/contract';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../common/clock.ts';
import { DomainError, validationError } from '../common/domain-error.ts';
import { fingerprint } from '../common/fingerprint.ts';
import { MAKE_ID, type MakeId } from '../common/ids.ts';
import { assertMetadataFits } from '../common/metadata-size.ts';
import { later, occurredAt } from '../common/occurred-at.ts';
import { Log } from '../logging/log.ts';
import { sessionEnded } from '../sessions/session-refusals.ts';
import { isEnded, LIVE_STATES } from '../sessions/session-states.ts';
import type { TaskRecord } from '../storage/records.ts';
import { STORAGE } from '../storage/storage.module.ts';
import type { Storage, Stores } from '../storage/storage.ts';
import { UniqueViolationError } from '../storage/storage-errors.ts';
import { toTask } from './task-reply.ts';
import { mayStep } from './task-states.ts';

@Injectable()
export class TasksService {
  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(MAKE_ID) private readonly makeId: MakeId,
    @Inject(Log) private readonly log: Log,
  ) {}

  async create(input: CreateTask): Promise<{ created: boolean; task: Task }> {
    const now = this.clock.now();
    occurredAt(input.occurred_at, now);
    const taskId = input.task_id ?? this.makeId();
    const created_from = contentOf(input);
    const repeated = input.task_id === undefined ? null : await this.storage.tasks.get(input.task_id);
    if (repeated) return { created: false, task: sameTask(repeated, created_from) };
    try {
      const task = await this.storage.transaction(async (stores) => {
        const position = await this.takePosition(stores, input.session_id, now);
        const record = newTask(input, taskId, position, created_from, now);
        await stores.tasks.insert(record);
        return record;
      });
      this.log.info('Task created', namesOf(task));
      return { created: true, task: toTask(task) };
    } catch (error) {
      if (!(error instanceof UniqueViolationError)) throw error;
      const existing = await this.storage.tasks.get(taskId);
      if (!existing) throw error;
      return { created: false, task: sameTask(existing, created_from) };
    }
  }

  async get(taskId: string): Promise<Task> {
    const record = await this.storage.tasks.get(taskId);
    if (!record) throw taskNotFound();
    return toTask(record);
  }

  async list({ limit, offset, ...filter }: ListTasks): Promise<TaskList> {
    const page = { limit, offset };
    const { records, total } = await this.storage.tasks.list(filter, page);
    return { tasks: records.map(toTask), total, ...page };
  }

  async update(taskId: string, update: UpdateTask): Promise<Task> {
    if (update.error_message !== undefined && update.status !== 'failed') {
      throw validationError([{ field: 'error_message', message: 'goes with status "failed" only' }]);
    }
    const now = this.clock.now();
    const at = occurredAt(update.occurred_at, now);
    const { before, after } = await this.storage.transaction(async (stores) => {
      const before = await stores.tasks.get(taskId);
      if (!before) throw taskNotFound();
      if (update.session_id !== undefined) await assertReporter(stores, before, update.session_id);
      return { before, after: await this.apply(stores, before, update, at, now) };
    });
    if (before.status !== after.status) {
      this.log.info('Task status changed', { ...namesOf(after), from: before.status, to: after.status });
    }
    return toTask(after);
  }

  async delete(taskId: string): Promise<void> {
    const now = this.clock.now();
    const deleted = await this.storage.transaction(async (stores) => {
      const task = await stores.tasks.delete(taskId);
      if (!task) throw taskNotFound();
      const wasCurrent = await stores.sessions.update(
        task.session_id,
        { currentTaskId: taskId },
        { set: { current_task_id: null, updated_at: now } },
      );
      if (!wasCurrent) await touchSession(stores, task.session_id, now);
      return task;
    });
    this.log.info('Task deleted', namesOf(deleted));
  }

  /** Also proves that the session lives, and makes a concurrent deletion of it collide with this creation. */
  private async takePosition({ sessions }: Stores, sessionId: string, now: Date): Promise<number> {
    const session = await sessions.update(
      sessionId,
      { status: LIVE_STATES },
      { set: { updated_at: now }, takePosition: true },
    );
    if (session) return session.next_position - 1;
    const ended = await sessions.get(sessionId);
    if (ended) throw sessionEnded(ended);
    throw new DomainError('UNKNOWN_SESSION', `There is no session ${sessionId} to add a task to.`, {
      details: [{ field: 'session_id', message: 'names no session' }],
    });
  }

  private async apply(
    stores: Stores,
    task: TaskRecord,
    { task_name, status, error_message, metadata }: UpdateTask,
    at: Date,
    now: Date,
  ): Promise<TaskRecord> {
    const step = status !== undefined && status !== task.status ? status : undefined;
    if (step && !mayStep(task.status, step)) {
      const session = await stores.sessions.get(task.session_id);
      // A process that came back after its work went on elsewhere must learn that, not argue about the step.
      if (session && session.recovered_by !== null) throw sessionEnded(session);
      throw new DomainError('INVALID_TRANSITION', `Task ${task.task_id} is ${task.status}; it cannot become ${step}.`);
    }
    const updated = await stores.tasks.update(
      task.task_id,
      { status: [task.status] },
      {
        set: {
          updated_at: now,
          ...(task_name !== undefined && { task_name }),
          ...(step && { status: step }),
          ...((step === 'in_progress' || step === 'completed') && { started_at: task.started_at ?? at }),
          ...((step === 'completed' || step === 'failed') && { completed_at: at }),
          ...(step === 'failed' && error_message !== undefined && { error_message }),
        },
        ...(metadata && { mergeMetadata: metadata }),
      },
    );
    if (!updated) throw new Error(`task ${task.task_id} changed inside the transaction that changes it`);
    if (metadata) assertMetadataFits(updated.metadata);
    if (step) await this.moveSession(stores, updated, at, now);
    else if (updated.task_name !== task.task_name) await touchSession(stores, task.session_id, now);
    return updated;
  }

  /** A step of a task is progress of its session, and decides which task is its current one. */
  private async moveSession({ sessions }: Stores, task: TaskRecord, at: Date, now: Date): Promise<void> {
    const session = await sessions.get(task.session_id);
    if (!session) return;
    if (isEnded(session.status)) {
      // What was running may still be reported as done; nothing new may begin.
      if (task.status === 'in_progress') throw sessionEnded(session);
      return;
    }
    const over = task.status === 'completed' || task.status === 'failed';
    const wasCurrent = session.current_task_id === task.task_id;
    await sessions.update(
      session.session_id,
      { status: LIVE_STATES },
      {
        set: {
          updated_at: now,
          last_progress_at: later(session.last_progress_at, at),
          ...(task.status === 'in_progress' && { current_task_id: task.task_id }),
          ...(over && wasCurrent && { current_task_id: null }),
        },
      },
    );
  }
}

/** Whoever reads the tasks of a live session again when the session changes sees this change, too. */
async function touchSession({ sessions }: Stores, sessionId: string, now: Date): Promise<void> {
  await sessions.update(sessionId, { status: LIVE_STATES }, { set: { updated_at: now } });
}

/** A process whose session was recovered must not go on with a task that its successor has now. */
async function assertReporter({ sessions }: Stores, task: TaskRecord, reporterId: string): Promise<void> {
  if (task.session_id === reporterId) return;
  const reporter = await sessions.get(reporterId);
  if (reporter && isEnded(reporter.status)) throw sessionEnded(reporter);
  throw validationError([{ field: 'session_id', message: 'is not the session of this task' }]);
}

function contentOf({ session_id, project_id, github_issue_id, task_name, metadata }: CreateTask): string {
  return fingerprint({ session_id, project_id, github_issue_id, task_name, metadata });
}

function sameTask(existing: TaskRecord, created_from: string): Task {
  if (existing.created_from === created_from) return toTask(existing);
  throw new DomainError('ID_REUSED', `Task ${existing.task_id} exists and was created with other content.`);
}

function newTask(input: CreateTask, taskId: string, position: number, created_from: string, now: Date): TaskRecord {
  return {
    task_id: taskId,
    session_id: input.session_id,
    project_id: input.project_id,
    github_issue_id: input.github_issue_id ?? null,
    task_name: input.task_name,
    status: 'pending',
    position,
    started_at: null,
    completed_at: null,
    error_message: null,
    metadata: input.metadata ?? {},
    created_from,
    expires_at: null,
    created_at: occurredAt(input.occurred_at, now),
    updated_at: now,
  };
}

function taskNotFound(): DomainError {
  return new DomainError('TASK_NOT_FOUND', 'There is no task with this id.');
}

function namesOf({ task_id, session_id, project_id }: TaskRecord) {
  return { task_id, session_id, project_id };
}
