import assert from 'node:assert/strict';
import type { ConnectionState } from '../../src/connection/connection.ts';
import { HIDDEN_MS, type PollingSituation, pollDelayMs, QUIET_MS } from '../../src/sessions/polling-policy.ts';
import { MINUTE, SECOND } from '../support/fake-clock.ts';

const random = { fraction: () => 1, uuid: () => '' };
const situation: PollingSituation = {
  isVisible: true,
  isAnythingRunning: true,
  isAnythingTracked: false,
  refreshIntervalMs: 15 * SECOND,
  connection: { kind: 'online' },
  failures: 0,
};
const delay = (changes: Partial<PollingSituation>) => pollDelayMs({ ...situation, ...changes }, random);

describe('the polling policy', () => {
  it('is fast while somebody sees something run, and slower the less there is to see', () => {
    assert.equal(delay({}), 15 * SECOND);
    assert.equal(delay({ isAnythingRunning: false }), QUIET_MS);
    assert.equal(delay({ isVisible: false }), HIDDEN_MS);
    assert.equal(delay({ isVisible: false, isAnythingRunning: false, isAnythingTracked: true }), HIDDEN_MS);
  });

  it('stops when nobody needs it', () => {
    assert.equal(delay({ isVisible: false, isAnythingRunning: false }), undefined);
  });

  it('is never faster than the setting', () => {
    const refreshIntervalMs = 10 * MINUTE;
    assert.equal(delay({ refreshIntervalMs, isAnythingRunning: false }), refreshIntervalMs);
    assert.equal(delay({ refreshIntervalMs, isVisible: false }), refreshIntervalMs);
  });

  it('stops while waiting alone cannot help, and goes on while it can', () => {
    const hopeless: ConnectionState[] = [
      { kind: 'key-refused', reason: '' },
      { kind: 'key-missing' },
      { kind: 'unusable', reason: '' },
    ];
    for (const connection of hopeless) assert.equal(delay({ connection }), undefined, connection.kind);
    const hopeful: ConnectionState[] = [
      { kind: 'unused' },
      { kind: 'connecting' },
      { kind: 'offline', since: 0, reason: '' },
      { kind: 'not-our-api', reason: '' },
    ];
    for (const connection of hopeful) assert.equal(delay({ connection }), 15 * SECOND, connection.kind);
  });

  it('backs off with each failure, up to a minute', () => {
    assert.deepEqual(
      [1, 2, 3, 4, 5, 20].map((failures) => delay({ failures })),
      [5, 10, 20, 40, 60, 60].map((seconds) => seconds * SECOND),
    );
    assert.equal(delay({ failures: 1, isVisible: false }), HIDDEN_MS, 'hidden there is no hurry');
  });
});
