import assert from 'node:assert/strict';
import { sampleLabels } from '../support/sample-labels.ts';
import { sampleSession } from '../support/sample-session.ts';

describe('the labels of sessions', () => {
  const labels = sampleLabels();

  it('keep what others wrote on one line, and short, where a sentence names a session', () => {
    const name = labels.nameOf(sampleSession({ metadata: { title: `Fix\n\u202e${'x'.repeat(500)}` } }));
    assert.match(name, /^acme\/shop \(Fix x+…\)$/);
    assert.ok(name.length < 100);
  });

  it('fall back to the branch, and to the project where nothing else is known', () => {
    assert.equal(labels.labelOf(sampleSession({ metadata: { title: ' ', branch: 'fix/cart' } })), 'fix/cart');
    assert.equal(labels.labelOf(sampleSession({ metadata: { title: 7 } })), 'acme/shop');
    assert.equal(labels.nameOf(sampleSession()), 'acme/shop');
  });
});
