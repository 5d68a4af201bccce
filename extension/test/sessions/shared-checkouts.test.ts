import assert from 'node:assert/strict';
import { sharedCheckouts } from '../../src/sessions/shared-checkouts.ts';
import { sampleSession } from '../support/sample-session.ts';

describe('agents that share a checkout', () => {
  const metadata = { checkout: 'c0ffee' };

  it('are the live ones of one checkout on one machine', () => {
    const [one, other] = [sampleSession({ metadata }), sampleSession({ metadata, status: 'stalled' })];
    const apart = [
      sampleSession({ metadata, machine_id: 'another' }),
      sampleSession({ metadata: { checkout: 'another' } }),
      sampleSession({ metadata, status: 'completed' }),
      sampleSession({ metadata: { checkout: 7 } }),
      sampleSession({ metadata: {} }),
    ];
    assert.deepEqual([...sharedCheckouts([one, ...apart, other])], [one.session_id, other.session_id]);
  });

  it('are none when the other one ends', () => {
    assert.equal(sharedCheckouts([sampleSession({ metadata }), sampleSession({ metadata, status: 'failed' })]).size, 0);
  });
});
