import { randomUUID } from 'node:crypto';
import type { Session } from '@claude-projects/shared/client';
import type { OrchestrationTask, Result, StartOrchestrationOptions, TaskStatus } from '../../../api.d.ts';
import type { Adopted, Lifecycle } from '../../../src/lifecycle/lifecycle.ts';
import type { Tracker, TrackerState } from '../../../src/lifecycle/tracker.ts';
import { Emitter } from '../../../src/platform/emitter.ts';

const fail = (error: unknown) => {
  throw error;
};
const done: Result<void> = { ok: true, value: undefined };

export class FakeTask implements OrchestrationTask {
  readonly taskId = randomUUID();
  readonly calls: string[] = [];
  readonly name: string;
  status: TaskStatus;

  constructor(name: string, status: TaskStatus) {
    this.name = name;
    this.status = status;
  }

  start = () => this.#called('start');
  complete = () => this.#called('complete');
  fail = (message: string) => this.#called(`fail ${message}`);
  block = (reason?: string) => this.#called(`block ${reason}`);

  async #called(call: string): Promise<Result<void>> {
    this.calls.push(call);
    const hasEnded = this.status === 'completed' || this.status === 'failed';
    return hasEnded ? { ok: false, problem: { code: 'ended', message: 'The task has ended.' } } : done;
  }
}

export class FakeTracker implements Tracker {
  readonly sessionId: string;
  readonly projectId: string;
  readonly health = 'healthy';
  readonly activity = 'working';
  currentTask: FakeTask | undefined;
  title: string | undefined;
  readonly calls: string[] = [];
  tasks: FakeTask[] = [];
  state: TrackerState = { kind: 'running' };
  readonly onDidChangeState = new Emitter<TrackerState>(fail).event;
  readonly onDidChangeHealth = new Emitter<Tracker['health']>(fail).event;
  readonly onDidEnd: Tracker['onDidEnd'] = () => ({ dispose: () => undefined });

  constructor(projectId = 'acme/shop', sessionId: string = randomUUID()) {
    this.projectId = projectId;
    this.sessionId = sessionId;
  }

  async startTask({ name }: { name: string }): Promise<Result<OrchestrationTask>> {
    this.calls.push(`startTask ${name}`);
    return { ok: true, value: new FakeTask(name, 'in_progress') };
  }

  reportActivity(): void {
    throw new Error('no test scripted it');
  }

  describe(): void {
    throw new Error('no test scripted it');
  }

  async complete(): Promise<Result<void>> {
    this.calls.push('complete');
    return done;
  }

  async fail(message: string): Promise<Result<void>> {
    this.calls.push(`fail ${message}`);
    return done;
  }
}

export class FakeLifecycle implements Lifecycle {
  trackers: FakeTracker[] = [];
  readonly started: StartOrchestrationOptions[] = [];
  readonly adopted: Session[] = [];
  /** What an adopted session has left to do. */
  adoptedTasks: FakeTask[] = [];
  readonly changed = new Emitter<Tracker>(fail);
  readonly onDidStart = new Emitter<Tracker>(fail).event;
  readonly onDidChange = this.changed.event;
  answer: Result<Tracker> | undefined;

  async start(options: StartOrchestrationOptions): Promise<Result<Tracker>> {
    this.started.push(options);
    return this.answer ?? { ok: true, value: new FakeTracker(options.projectId) };
  }

  /** Another window holds what is recovered. */
  isSlower = false;

  async adopt(session: Session): Promise<Adopted> {
    if (this.isSlower) return { kind: 'taken-over' };
    this.adopted.push(session);
    const tracker = new FakeTracker(session.project_id, session.session_id);
    tracker.tasks = this.adoptedTasks;
    this.trackers.push(tracker);
    return { kind: 'adopted', tracker };
  }

  async resume(): Promise<readonly Tracker[]> {
    return [];
  }
}
