import assert from 'node:assert/strict';

/** Fails the suite it is called in if a promise was left to reject with nobody listening. */
export function refuseUnhandledRejections(): void {
  const reasons: unknown[] = [];
  const note = (reason: unknown) => {
    reasons.push(reason);
  };
  before(() => {
    process.on('unhandledRejection', note);
  });
  after(() => {
    process.off('unhandledRejection', note);
    assert.deepEqual(reasons, []);
  });
}
