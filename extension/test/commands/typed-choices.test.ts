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

  it('are the given ones until something is typed', () => {
    assert.deepEqual(labels(''), ['build', 'ship']);
    assert.deepEqual(labels('  '), ['build', 'ship']);
  });

  it('end with the typed text, unless a choice has that name', () => {
    assert.deepEqual(labels(' test '), ['build', 'ship', 'Start “test”']);
    assert.deepEqual(labels('buil'), ['build', 'ship', 'Start “buil”']);
    assert.deepEqual(labels('build'), ['build', 'ship']);
    assert.equal(choicesFor(choices, 'test', typed)[2]?.value, 4);
  });

  it('leave out a text that is not allowed', () => {
    assert.deepEqual(labels('x'.repeat(11)), ['build', 'ship']);
  });
});
