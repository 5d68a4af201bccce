import assert from 'node:assert/strict';
import { LIMITS } from '../../src/contract/limits.ts';
import { UpdateTask } from '../../src/contract/task.ts';

describe('an update of a task', () => {
  const longest = 'x'.repeat(LIMITS.taskNameLength);

  for (const update of [
    { task_name: 'Write the tests' },
    { task_name: longest },
    { task_name: 'Write the tests', status: 'in_progress' },
    { status: 'in_progress' },
  ]) {
    it(`takes ${JSON.stringify(update).slice(0, 60)}`, () => {
      assert.deepEqual(UpdateTask.parse(update), update);
    });
  }

  for (const task_name of ['', ' ', `${longest}x`, 'a\0b', null, 7]) {
    it(`takes no name such as ${JSON.stringify(task_name).slice(0, 20)}`, () => {
      const { error } = UpdateTask.safeParse({ task_name });
      assert(error?.issues.every(({ path }) => path.join('.') === 'task_name'));
    });
  }
});
