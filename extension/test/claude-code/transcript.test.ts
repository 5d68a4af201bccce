import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSpent } from '../../src/claude-code/transcript.ts';
import { temporaryFolder } from '../lifecycle/journals/support/temporary-folder.ts';

describe('what the last answer of a model took', () => {
  const root = temporaryFolder();
  const usage = { input_tokens: 10, cache_read_input_tokens: 200, cache_creation_input_tokens: 30, output_tokens: 4 };
  const answer = (model: string, more: object = {}) => ({ type: 'assistant', message: { model, usage }, ...more });

  async function spentIn(...lines: readonly (object | string)[]) {
    const path = join(root(), 'transcript.jsonl');
    writeFileSync(path, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
    return readSpent(path);
  }

  it('is read from the last answer of the conversation itself', async () => {
    const agent = answer('claude-small-1', { isSidechain: true });
    const spent = await spentIn(answer('claude-old-1'), answer('claude-new-2'), agent, answer('<synthetic>'), {
      type: 'user',
    });
    assert.deepEqual(spent, { model: 'claude-new-2', contextTokens: 244 });
  });

  it('is found at the end of a long transcript', async () => {
    const long = { type: 'user', text: 'x'.repeat(200_000) };
    assert.equal((await spentIn(answer('claude-old-1'), long, answer('claude-new-2')))?.model, 'claude-new-2');
  });

  it('is nothing where the transcript is missing, or written in another way', async () => {
    assert.equal(await readSpent(join(root(), 'none.jsonl')), undefined);
    assert.equal(await spentIn('', 'no "assistant" at all', { type: 'assistant', message: 'hello' }), undefined);
  });
});
