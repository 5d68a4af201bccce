import assert from 'node:assert/strict';
import { choicesFor } from '../../src/commands/ui.ts';

describe('choices beside a text that is typed', () => {
  const choices = [
    { label: 'build', value: 1 },
    { label: 'ship', value: 2 },
  ];
  const typed = {
    label: (text: string) => `Start “${text}”`,
    problem: (text: string) => (text.length > 10 ? 'too long' : undefined),
    value: (text: string) => text.length,
  };
  const labels = (text: string) => choicesFor(choices, text, typed).map(({ label }) => label);

  it('are those that there are until something is typed', () => {
    assert.deepEqual(labels(''), ['build', 'ship']);
    assert.deepEqual(labels('  '), ['build', 'ship']);
  });

  it('end with what is typed, unless it is the name of one of them', () => {
    assert.deepEqual(labels(' test '), ['build', 'ship', 'Start “test”']);
    assert.deepEqual(labels('buil'), ['build', 'ship', 'Start “buil”']);
    assert.deepEqual(labels('build'), ['build', 'ship']);
    assert.equal(choicesFor(choices, 'test', typed)[2]?.value, 4);
  });

  it('leave out what cannot be taken', () => {
    assert.deepEqual(labels('x'.repeat(11)), ['build', 'ship']);
  });
});
