import assert from 'node:assert/strict';
import { MemoryCounts } from '../../src/limits/memory-counts.ts';

describe('counts in memory', () => {
  it('go by key', () => {
    const counts = new MemoryCounts();
    assert.deepEqual([counts.hit('a', 1), counts.hit('a', 1), counts.hit('b', 1)], [1, 2, 1]);
  });

  it('begin anew each minute, and keep nothing of the last', () => {
    const counts = new MemoryCounts();
    for (let index = 0; index < 100; index++) counts.hit(`key ${index}`, 1);
    assert.equal(counts.hit('key 1', 2), 1);
    assert.equal(counts.size, 1);
  });

  it('hold no more keys than they may; those that come later pass, and those before stay counted', () => {
    const counts = new MemoryCounts(2);
    counts.hit('a', 1);
    counts.hit('b', 1);
    assert.deepEqual([counts.hit('c', 1), counts.hit('c', 1)], [1, 1]);
    assert.equal(counts.hit('a', 1), 2);
    assert.equal(counts.size, 2);
  });
});
