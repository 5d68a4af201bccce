import assert from 'node:assert/strict';
import { sessionDocument } from '../../src/commands/session-document.ts';
import { inEnglish } from '../../src/platform/localize.ts';
import { sampleSession } from '../support/sample-session.ts';

const linesOf = (changes: Parameters<typeof sampleSession>[0]) =>
  sessionDocument(sampleSession(changes), [], inEnglish).split('\n');

describe('the document of a session', () => {
  it('shows what is known and leaves out what is not', () => {
    const lines = linesOf({ session_id: 'the-id', docker_slot: 0, error_message: 'it broke' });
    assert.ok(lines.includes('- Session: `the-id`'));
    assert.ok(lines.includes('- Slot: `0`'));
    assert.ok(lines.includes('- Error: `it broke`'));
    assert.ok(!lines.some((line) => line.startsWith('- Recovered by')));
  });

  const hostile = [
    'a\n# Title\n- Status: `completed`',
    '`; [click](command:evil) ``` <img src=x>',
    '```',
    '`',
    '\u202eevil\u2028# Title',
  ];
  for (const text of hostile) {
    it(`keeps ${JSON.stringify(text)} inside one piece of code`, () => {
      const line = linesOf({ error_message: text })
        .find((each) => each.startsWith('- Error: '))
        ?.slice('- Error: '.length);
      const [, fence, inner] = /^(`+)(.*)\1$/s.exec(line ?? '') ?? [];
      assert.ok(fence !== undefined && inner !== undefined, line);
      assert.ok(
        [...inner.matchAll(/`+/g)].every(([run]) => run !== fence),
        'the fence ends within the text',
      );
      assert.ok(!linesOf({ error_message: text }).includes('# Title'));
      assert.doesNotMatch(line ?? '', /[\u202e\u2028]/);
    });
  }

  it('keeps metadata inside its block', () => {
    const lines = linesOf({ metadata: { note: '````\n# Title' } });
    assert.ok(lines.includes('`````json'));
    assert.equal(lines.filter((line) => line === '`````').length, 1);
  });
});
