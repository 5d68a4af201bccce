import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Deadlines } from '../../src/common/deadlines.ts';

describe('deadlines', () => {
  it('tell of each item that was not deleted in time, in the order they were added, and of no other', async () => {
    const late: string[] = [];
    const allLate = new EventTarget();
    const deadlines = new Deadlines<{ name: string }>(50, ({ name }) => {
      late.push(name);
      if (name === 'last') allLate.dispatchEvent(new Event('done'));
    });
    const items = ['first', 'in time', 'last'].map((name) => ({ name }));
    const done = once(allLate, 'done');
    // The timer does not hold the process, so something else has to.
    const hold = setInterval(() => undefined, 1000);
    for (const item of items) {
      const deadline = deadlines.add(item);
      if (item.name === 'in time') deadlines.met(deadline);
    }
    await done;
    clearInterval(hold);
    assert.deepEqual(late, ['first', 'last']);
    assert.equal(deadlines.size, 0);
  });

  it('do not take the one that follows in a slot for the one that was there before', () => {
    const deadlines = new Deadlines<string>(50, () => assert.fail());
    const first = deadlines.add('first');
    deadlines.met(first);
    deadlines.add('second');
    deadlines.met(first);
    assert.equal(deadlines.size, 1);
    deadlines.dispose();
  });

  it('keep nothing once they are disposed of', () => {
    const deadlines = new Deadlines<object>(50, () => assert.fail());
    deadlines.add({});
    deadlines.dispose();
    assert.equal(deadlines.size, 0);
  });
});
