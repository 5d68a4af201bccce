import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { interruptible } from './interruption.ts';

describe('Ctrl+C during a verification', () => {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    it(`ends it at the first ${name}, and the program at the second`, () => {
      const source = new EventEmitter();
      const told: string[] = [];
      const interruption = interruptible(
        source,
        () => told.push('first'),
        () => told.push('second'),
      );
      assert.equal(interruption.signal.aborted, false);
      source.emit(name);
      assert.equal(interruption.signal.aborted, true);
      assert.deepEqual(told, ['first']);
      source.emit(name);
      assert.deepEqual(told, ['first', 'second']);
    });
  }

  it('is no concern of it once it is over', () => {
    const source = new EventEmitter();
    interruptible(source, assert.fail, assert.fail).dispose();
    assert.deepEqual(source.eventNames(), []);
  });
});
