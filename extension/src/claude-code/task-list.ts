import type { Result } from '../../api.d.ts';
import type { SessionTracker } from '../lifecycle/session-tracker.ts';
import type { TrackedTask } from '../lifecycle/tracked-task.ts';
import type { Log } from '../platform/log.ts';
import type { ClaudeState } from './claude-state.ts';
import type { Step } from './reduce.ts';
import { taskIdOf } from './task-id.ts';

type Known = ClaudeState['tasks'];
type TaskStep = Extract<Step, { do: 'task' }>;

/** Claude Code's own list of tasks, told to what is tracked. Each operation returns what is known of it afterwards. */
export class TaskList {
  readonly #tracker: SessionTracker;
  readonly #log: Log;
  #known: Known;

  constructor(tracker: SessionTracker, known: Known, log: Log) {
    this.#tracker = tracker;
    this.#known = known;
    this.#log = log;
  }

  async take({ key, name, to }: TaskStep, at?: number): Promise<Known> {
    if (to === 'deleted') {
      await this.#of(key, name)?.remove();
      return this.#without(key);
    }
    const task = this.#of(key, name) ?? (await this.#add(key, name ?? key, at));
    if (!task) return this.#known;
    if (name !== undefined && name !== task.name && isOpen(task)) this.#warn(await task.rename(name, at));
    this.#known = { ...this.#known, [key]: { taskId: task.taskId, name: task.name } };
    switch (to) {
      case 'in_progress':
        if (isOpen(task)) this.#warn(await task.start(at));
        return this.#known;
      case 'completed':
        if (isOpen(task)) this.#warn(await task.complete(at));
        return this.#without(key);
      case 'pending':
        // There is no way back to what has not begun.
        if (task.status === 'in_progress') this.#warn(await task.block('Claude Code put it back.', at));
        return this.#known;
      case 'failed':
      case 'blocked':
      case 'known':
        return this.#known;
      default:
        return to satisfies never;
    }
  }

  /** Also one that is done. */
  async rename(key: string, name: string): Promise<Known> {
    const task = this.#of(key, undefined);
    if (task && task.name !== name) this.#warn(await task.rename(name));
    const known = this.#known[key];
    if (known) this.#known = { ...this.#known, [key]: { ...known, name } };
    return this.#known;
  }

  /** What was under way before: a session that was recovered has those tasks, another one is told of them. */
  async retell(): Promise<Known> {
    const before = Object.entries(this.#known);
    this.#known = {};
    for (const [key, { name }] of before) await this.take({ do: 'task', key, name, to: 'known' });
    return this.#known;
  }

  /** Its own, else one of that name that nobody claims. */
  #of(key: string, name: string | undefined): TrackedTask | undefined {
    const { tasks, sessionId } = this.#tracker;
    const id = this.#known[key]?.taskId ?? taskIdOf(sessionId, key);
    const claimed = new Set(Object.values(this.#known).map(({ taskId }) => taskId));
    return (
      tasks.find(({ taskId }) => taskId === id) ??
      tasks.find((task) => task.name === name && !claimed.has(task.taskId) && isOpen(task))
    );
  }

  async #add(key: string, name: string, at: number | undefined): Promise<TrackedTask | undefined> {
    const metadata = { claude_id: key.slice(0, 200) };
    const added = await this.#tracker.addTask({ name, metadata }, at, taskIdOf(this.#tracker.sessionId, key));
    this.#warn(added);
    return added.ok ? added.value : undefined;
  }

  #without(key: string): Known {
    const { [key]: _over, ...known } = this.#known;
    this.#known = known;
    return known;
  }

  #warn(result: Result<unknown>): void {
    if (!result.ok) this.#log.warn(`A task of session ${this.#tracker.sessionId}: ${result.problem.message}`);
  }
}

function isOpen({ status }: TrackedTask): boolean {
  return status !== 'completed' && status !== 'failed';
}
