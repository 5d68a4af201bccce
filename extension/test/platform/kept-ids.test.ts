import assert from 'node:assert/strict';
import { KeptIds, type KeptState } from '../../src/platform/kept-ids.ts';

describe('ids that survive a restart', () => {
  let values: Map<string, unknown>;
  let state: KeptState;

  beforeEach(() => {
    values = new Map();
    state = { get: (name) => values.get(name), update: async (name, value) => void values.set(name, value) };
  });

  const open = (most = 500) =>
    new KeptIds(state, 'key', most, (error) => {
      throw error;
    });

  it('are bounded: the oldest are forgotten', async () => {
    await open(3).add(['a', 'b', 'c', 'd']);
    const ids = open(3);
    assert.deepEqual(
      ['a', 'b', 'c', 'd'].map((id) => ids.has(id)),
      [false, true, true, true],
    );
  });

  it('are none where what was kept is garbage', () => {
    values.set('key', { not: 'a list' });
    assert.equal(open().has('not'), false);
  });

  it('keep what another window has added, and tell of each change', async () => {
    const [one, other] = [open(), open()];
    let told = 0;
    other.onDidChange(() => (told += 1));
    await one.add(['a']);
    await other.add(['b']);
    await other.remove(['c']);
    assert.equal(told, 1);
    assert.deepEqual(
      ['a', 'b'].map((id) => open().has(id)),
      [true, true],
    );
    await other.remove(['a']);
    assert.equal(open().has('a'), false);
  });
});
