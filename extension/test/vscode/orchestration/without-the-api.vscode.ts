import assert from 'node:assert/strict';
import type { Orchestration } from '../../../api.d.ts';
import { untilSession, untilTasks } from '../support/api-client.ts';
import { startOrchestration, valueOf } from '../support/claude-projects.ts';
import { liveApi } from '../support/live-api.ts';

const TASKS = 50;
const LONGEST_CALL_MS = 50;

describe('an orchestration of 50 tasks while the API is away', () => {
  afterEach(() => liveApi.start());

  it('waits for nothing, and every transition arrives once, in order, dated when it happened', async () => {
    const calls = new Stopwatch();
    await liveApi.stop();
    const orchestration = await startOrchestration({ projectId: 'offline/fifty' });
    const worked = await work(orchestration, calls);
    const ending = await calls.time('complete', () => orchestration.complete());
    assert.equal(calls.slowest.ms <= LONGEST_CALL_MS, true, calls.toString());

    const backAt = Date.now();
    await liveApi.start();
    const { started_at, completed_at } = await untilSession(
      orchestration.sessionId,
      'is completed',
      ({ status }) => status === 'completed',
    );
    assert.ok(Date.parse(started_at) < backAt, 'it started when the API came back');
    ending.holds(completed_at);
    const tasks = await untilTasks(orchestration.sessionId, 'arrived', ({ length }) => length >= TASKS);
    assert.deepEqual(
      tasks.map(({ task_id, task_name, status, position }) => [task_id, task_name, status, position]),
      worked.map(({ taskId, name, fails }, index) => [taskId, name, fails ? 'failed' : 'completed', index]),
    );
    for (const [index, task] of tasks.entries()) {
      worked[index]?.started.holds(task.started_at);
      worked[index]?.ended.holds(task.completed_at);
    }
  });
});

interface Worked {
  readonly taskId: string;
  readonly name: string;
  readonly fails: boolean;
  readonly started: Span;
  readonly ended: Span;
}

async function work(orchestration: Orchestration, calls: Stopwatch): Promise<readonly Worked[]> {
  const worked: Worked[] = [];
  for (let index = 0; index < TASKS; index += 1) {
    const name = `Step ${index}`;
    const fails = index % 10 === 9;
    const started = await calls.time('startTask', () => orchestration.startTask({ name }));
    const task = valueOf(started.result);
    const ended = await calls.time('end', () => (fails ? task.fail('It was a bad one.') : task.complete()));
    valueOf(ended.result);
    worked.push({ taskId: task.taskId, name, fails, started, ended });
  }
  return worked;
}

/** From when to when a call was under way: what it reports happened in between. */
class Span {
  readonly #from: number;
  readonly #to: number;

  constructor(from: number, to: number) {
    this.#from = from;
    this.#to = to;
  }

  holds(date: string | null): void {
    const time = Date.parse(date ?? '');
    assert.ok(time >= this.#from && time <= this.#to, `${date} is not when it happened`);
  }
}

class TimedSpan<T> extends Span {
  readonly result: T;

  constructor(from: number, to: number, result: T) {
    super(from, to);
    this.result = result;
  }
}

class Stopwatch {
  readonly #calls: { readonly name: string; readonly ms: number }[] = [];

  async time<T>(name: string, call: () => Promise<T>): Promise<TimedSpan<T>> {
    const from = Date.now();
    const startedAt = performance.now();
    const result = await call();
    this.#calls.push({ name, ms: performance.now() - startedAt });
    return new TimedSpan(from, Date.now(), result);
  }

  get slowest(): { readonly name: string; readonly ms: number } {
    return this.#calls.toSorted((a, b) => b.ms - a.ms)[0] ?? { name: 'none', ms: 0 };
  }

  toString(): string {
    return `the slowest of ${this.#calls.length} calls, ${this.slowest.name}, took ${this.slowest.ms.toFixed(1)} ms`;
  }
}
