import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type {
  CreateSession,
  Heartbeat,
  Machine,
  RecoverSession,
  Session,
  Task,
  TaskList,
  UpdateSession,
  UpdateTask,
} from '@claude-projects/shared/contract';
import type { TestApi } from './test-api.ts';

/** What most tests begin with, each step asserted so that a test fails where its scenario did. */
export class Scenario {
  constructor(private readonly api: TestApi) {}

  async session(input: Partial<CreateSession> = {}): Promise<Session> {
    const body = { project_id: `project-${randomUUID()}`, machine_id: `machine-${randomUUID()}`, ...input };
    const { status, body: session } = await this.api.call<Session>('POST', '/api/sessions', body);
    assert.equal(status, 201);
    return session;
  }

  async sessionIn(status: Session['status'], input: Partial<CreateSession> = {}): Promise<Session> {
    const session = await this.session(input);
    return status === 'active' ? session : this.update(session, { status });
  }

  async update(session: Session, update: UpdateSession): Promise<Session> {
    const path = `/api/sessions/${session.session_id}`;
    const { status, body } = await this.api.call<Session>('PATCH', path, update);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  async heartbeat(session: Session, beat?: Heartbeat): Promise<Session> {
    const path = `/api/sessions/${session.session_id}/heartbeat`;
    const { status, body } = await this.api.call<Session>('POST', path, beat);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  /** Continues a dead session, on a new machine unless told where. */
  async recovered(original: Session, input: Partial<RecoverSession> = {}): Promise<Session> {
    const path = `/api/sessions/${original.session_id}/recover`;
    const { status, body } = await this.api.call<Session>('POST', path, {
      new_machine_id: `machine-${randomUUID()}`,
      ...input,
    });
    assert.equal(status, 201, JSON.stringify(body));
    return body;
  }

  async task(session: Session, task_name = 'a task'): Promise<Task> {
    const { status, body } = await this.api.call<Task>('POST', '/api/tasks', {
      session_id: session.session_id,
      project_id: session.project_id,
      task_name,
    });
    assert.equal(status, 201);
    return body;
  }

  async updateTask(task: Task, update: UpdateTask): Promise<Task> {
    const { status, body } = await this.api.call<Task>('PATCH', `/api/tasks/${task.task_id}`, update);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  async taskIn(session: Session, status: Task['status'], task_name = `a ${status} task`): Promise<Task> {
    const task = await this.task(session, task_name);
    if (status === 'pending') return task;
    if (status === 'blocked') return this.updateTask(task, { status });
    const running = await this.updateTask(task, { status: 'in_progress' });
    if (status === 'in_progress') return running;
    return this.updateTask(task, status === 'failed' ? { status, error_message: 'it broke' } : { status });
  }

  async failed(session: Session, error_message = 'the process crashed'): Promise<Session> {
    const path = `/api/sessions/${session.session_id}/mark-failed`;
    const { status, body } = await this.api.call<Session>('POST', path, { error_message });
    assert.equal(status, 200);
    return body;
  }

  async machine(machine_id: string = `machine-${randomUUID()}`, docker_slots: number[] = []): Promise<Machine> {
    const { status, body } = await this.api.call<Machine>('POST', '/api/machines', {
      machine_id,
      hostname: 'host',
      docker_slots,
    });
    assert.equal(status, 201);
    return body;
  }

  async readSession(sessionId: string): Promise<Session> {
    const { status, body } = await this.api.call<Session>('GET', `/api/sessions/${sessionId}`);
    assert.equal(status, 200);
    return body;
  }

  async readTask(taskId: string): Promise<Task> {
    const { status, body } = await this.api.call<Task>('GET', `/api/tasks/${taskId}`);
    assert.equal(status, 200);
    return body;
  }

  /** In their order. */
  async tasksOf(session: Session): Promise<Task[]> {
    const { status, body } = await this.api.call<TaskList>('GET', `/api/tasks?session_id=${session.session_id}`);
    assert.equal(status, 200);
    return body.tasks;
  }

  async readMachine(machineId: string): Promise<Machine> {
    const { status, body } = await this.api.call<Machine>('GET', `/api/machines/${encodeURIComponent(machineId)}`);
    assert.equal(status, 200);
    return body;
  }
}
