import { LIMITS, UpdateTask } from '@claude-projects/shared/contract';
import type { OrchestrationTask, Result, TaskStatus } from '../../api.d.ts';
import { checked, done, failed } from './input.ts';
import type { Change } from './outbox/change.ts';
import { saneText } from './sane-text.ts';

export interface TaskHost {
  sessionId(): string;
  projectId(): string;
  /** As a date: that moment, or this one. */
  dated(at?: number): string;
  record(change: Change): Promise<Result<void>>;
  changed(): void;
}

let starts = 0;

export class TrackedTask implements OrchestrationTask {
  readonly taskId: string;
  readonly #host: TaskHost;
  #name: string;
  #status: TaskStatus;
  #isRemoved = false;
  #startOrder = 0;

  constructor(host: TaskHost, taskId: string, name: string, status: TaskStatus) {
    this.#host = host;
    this.taskId = taskId;
    this.#name = name;
    this.#status = status;
    if (status === 'in_progress') this.#startOrder = ++starts;
  }

  get name(): string {
    return this.#name;
  }

  get status(): TaskStatus {
    return this.#status;
  }

  get isRemoved(): boolean {
    return this.#isRemoved;
  }

  /** Tells which of several running tasks started last. */
  get startOrder(): number {
    return this.#startOrder;
  }

  /** All that happens to it happens now, unless `at` says when it did. */
  start(at?: number): Promise<Result<void>> {
    return this.#step('in_progress', {}, at);
  }

  async complete(at?: number): Promise<Result<void>> {
    return this.#step('completed', {}, at);
  }

  async fail(message: string): Promise<Result<void>> {
    return this.#step('failed', {
      error_message: saneText(message, LIMITS.errorMessageLength) ?? 'No reason was given.',
    });
  }

  async block(reason?: string, at?: number): Promise<Result<void>> {
    const text = saneText(reason, LIMITS.errorMessageLength);
    return this.#step('blocked', text === undefined ? {} : { metadata: { block_reason: text } }, at);
  }

  async rename(name: string, at?: number): Promise<Result<void>> {
    if (this.#isRemoved) return failed(removed);
    const body = checked(
      UpdateTask,
      () => ({ session_id: this.#host.sessionId(), task_name: name, occurred_at: this.#host.dated(at) }),
      { task_name: 'name' },
    );
    if (!body.ok) return body;
    const before = this.#name;
    if (name === before) return done(undefined);
    this.#name = name;
    // Without a step: an older API refuses the name, and would refuse the step with it.
    const recorded = this.#host.record({ kind: 'update-task', task_id: this.taskId, body: body.value });
    this.#host.changed();
    const result = await recorded;
    if (result.ok) return result;
    this.#name = before;
    this.#host.changed();
    return result;
  }

  /** A task that has ended is history, and stays. */
  async remove(): Promise<Result<void>> {
    if (this.#isRemoved || this.#hasEnded) return done(undefined);
    this.#isRemoved = true;
    const recorded = this.#host.record({
      kind: 'delete-task',
      session_id: this.#host.sessionId(),
      task_id: this.taskId,
    });
    this.#host.changed();
    const result = await recorded;
    if (result.ok) return result;
    this.#isRemoved = false;
    this.#host.changed();
    return result;
  }

  /** For an API that does not know it: what is left to do, and what is being done. The rest is history. */
  retold(): readonly Change[] {
    if (this.#hasEnded) return [];
    const host = this.#host;
    const create: Change = {
      kind: 'create-task',
      body: {
        task_id: this.taskId,
        session_id: host.sessionId(),
        project_id: host.projectId(),
        task_name: this.name,
        occurred_at: host.dated(),
      },
    };
    return this.#status === 'pending' ? [create] : [create, this.#change(this.#status, {})];
  }

  get #hasEnded(): boolean {
    return this.#status === 'completed' || this.#status === 'failed';
  }

  /** The status is set before anything is waited for, so that of two calls in a row the second is refused. */
  async #step(
    status: TaskStatus,
    extra: Pick<UpdateTask, 'error_message' | 'metadata'>,
    at?: number,
  ): Promise<Result<void>> {
    if (this.#isRemoved) return failed(removed);
    const before = this.#status;
    if (before === status && status !== 'completed' && status !== 'failed') return done(undefined);
    if (before === 'completed' || before === 'failed') {
      return failed({ code: 'ended', message: `The task has ended: it is ${before}.` });
    }
    // The server knows no way from "not begun" to "failed", nor from "blocked" to an end.
    const mustStart = status !== 'in_progress' && mustStartBefore(before, status);
    this.#status = status;
    if (status === 'in_progress') this.#startOrder = ++starts;
    const recorded = [
      ...(mustStart ? [this.#host.record(this.#change('in_progress', {}, at))] : []),
      this.#host.record(this.#change(status, extra, at)),
    ];
    this.#host.changed();
    const results = await Promise.all(recorded);
    const problem = results.find((result) => !result.ok);
    if (!problem) return done(undefined);
    this.#status = before;
    this.#host.changed();
    return problem;
  }

  #change(status: TaskStatus, extra: Pick<UpdateTask, 'error_message' | 'metadata'>, at?: number): Change {
    return {
      kind: 'update-task',
      task_id: this.taskId,
      body: { session_id: this.#host.sessionId(), status, occurred_at: this.#host.dated(at), ...extra },
    };
  }
}

const removed = { code: 'ended', message: 'The task was removed.' } as const;

function mustStartBefore(before: TaskStatus, status: TaskStatus): boolean {
  return (before === 'pending' && status === 'failed') || (before === 'blocked' && status !== 'blocked');
}
