import assert from 'node:assert/strict';
import {
  DERIVED_SLOTS,
  DockerSlot,
  derivedSlot,
  isDerivedSlot,
  nextDerivedSlot,
  shownSlot,
} from '../../src/contract/index.ts';

describe('derived slots', () => {
  it('are slots for the API, and none for people', () => {
    for (const hash of [0, 1, 5_535, 5_536, 2 ** 32 - 1]) {
      const slot = derivedSlot(hash);
      assert.ok(DockerSlot.safeParse(slot).success && isDerivedSlot(slot));
      assert.equal(shownSlot(slot), null);
    }
    for (const slot of [null, 0, 4, 59_999]) {
      assert.ok(!isDerivedSlot(slot));
      assert.equal(shownSlot(slot), slot);
    }
  });

  it('follow each other in a ring', () => {
    assert.equal(nextDerivedSlot(DERIVED_SLOTS.first), DERIVED_SLOTS.first + 1);
    assert.equal(nextDerivedSlot(DERIVED_SLOTS.last), DERIVED_SLOTS.first);
  });
});
