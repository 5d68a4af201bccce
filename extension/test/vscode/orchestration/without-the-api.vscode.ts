import assert from 'node:assert/strict';
import type { Orchestration } from '../../../api.d.ts';
import { untilSession, untilTasks } from '../support/api-client.ts';
import { startOrchestration, valueOf } from '../support/claude-projects.ts';
import { eventually } from '../support/eventually.ts';
import { startHangingApi } from '../support/hanging-api.ts';
import { liveApi } from '../support/live-api.ts';
import { changeSetting } from '../support/settings.ts';

const TASKS = 50;

describe('an orchestration of 50 tasks while the API is away', () => {
  afterEach(() => liveApi.start());

  it('goes on, and every transition arrives once, in order, dated when it happened', async () => {
    await liveApi.stop();
    const orchestration = await startOrchestration({ projectId: 'offline/fifty' });
    const worked = await work(orchestration);
    const ending = await during(() => orchestration.complete());

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

describe('an orchestration while the API hangs', () => {
  it('waits for no answer: each of its calls returns before there is one', async () => {
    await using hanging = await startHangingApi();
    const restore = await changeSetting('apiBaseUrl', hanging.url);
    try {
      const orchestration = await startOrchestration({ projectId: 'hanging/api' });
      await eventually('the API is told of the session', () => hanging.unanswered || undefined);
      const read = valueOf(await orchestration.startTask({ name: 'Read' }));
      valueOf(await read.complete());
      const write = valueOf(await orchestration.startTask({ name: 'Write' }));
      valueOf(await write.fail('It was a bad one.'));
      await orchestration.complete();
      // Who waits for an answer that does not come goes on when it is given up, ten seconds later.
      assert.equal(hanging.givenUp, 0);

      hanging.answer();
      await untilSession(orchestration.sessionId, 'is completed', ({ status }) => status === 'completed');
      const tasks = await untilTasks(orchestration.sessionId, 'arrived', ({ length }) => length >= 2);
      assert.deepEqual(
        tasks.map(({ status }) => status),
        ['completed', 'failed'],
      );
    } finally {
      await restore();
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

async function work(orchestration: Orchestration): Promise<readonly Worked[]> {
  const worked: Worked[] = [];
  for (let index = 0; index < TASKS; index += 1) {
    const name = `Step ${index}`;
    const fails = index % 10 === 9;
    const started = await during(() => orchestration.startTask({ name }));
    const task = valueOf(started.result);
    const ended = await during(() => (fails ? task.fail('It was a bad one.') : task.complete()));
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

async function during<T>(call: () => Promise<T>): Promise<TimedSpan<T>> {
  const from = Date.now();
  const result = await call();
  return new TimedSpan(from, Date.now(), result);
}
