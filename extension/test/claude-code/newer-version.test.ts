import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { placeOfConversation } from '../../src/claude-code/claude-conversation.ts';
import { newState } from '../../src/claude-code/claude-state.ts';
import { Spool } from '../../src/claude-code/spool.ts';
import { systemFiles } from '../../src/lifecycle/outbox/files.ts';
import { temporaryFolder } from '../lifecycle/journals/support/temporary-folder.ts';

describe('what a newer version remembered of a session of Claude Code', () => {
  const root = temporaryFolder();
  const folder = () => join(root(), 'sessions', 'one');
  let spool: Spool;

  beforeEach(() => {
    spool = new Spool(systemFiles, root());
    mkdirSync(folder(), { recursive: true });
  });

  const write = (name: string, content: object) => writeFileSync(join(folder(), name), JSON.stringify(content));
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder(), name), 'utf8'));

  for (const [what, change] of Object.entries({
    'another format': { v: 2 },
    'another phase': { phase: 'hibernating' },
    'another activity': { activity: 'reviewing' },
  })) {
    it(`is known to be newer by ${what}`, async () => {
      write('state.json', { ...newState('/shop', 1), ...change });
      assert.equal(await spool.state('one'), 'newer');
    });
  }

  it('keeps fields that this version does not know', async () => {
    const task = { taskId: '3f2b8c1d-4e5f-4a6b-8c7d-9e0f1a2b3c4d', name: 'build', priority: 'high' };
    const stored = { ...newState('/shop', 1), tasks: { 1: task }, worktree: { branch: 'till' } };
    write('state.json', stored);
    const state = await spool.state('one');
    assert(state !== undefined && state !== 'newer');
    await spool.keep('one', { ...state, seenAt: 2 });
    assert.deepEqual(read('state.json'), { ...stored, seenAt: 2 });
  });

  it('is not promised to be resumed by this version', async () => {
    write('state.json', { ...newState('/shop', 1), v: 2 });
    assert.equal(await placeOfConversation({ metadata: { claude_session_id: 'one' } }, spool), undefined);
    write('state.json', newState('/shop', 1));
    assert.equal(await placeOfConversation({ metadata: { claude_session_id: 'one' } }, spool), 'here');
  });

  it('is not treated as damage', async () => {
    writeFileSync(join(folder(), 'state.json'), '{"v":1,');
    assert.equal(await spool.state('one'), undefined);
  });

  it('may have any number of records that stay and do not delay others', async () => {
    const record = (fields: object) => JSON.stringify({ session_id: 'one', hook_event_name: 'Stop', ...fields });
    const put = (name: string, text: string) => writeFileSync(join(folder(), name), text);
    for (let number = 0; number < 450; number++) put(`00000000000000100-${1000 + number}`, `v2\n${record({})}`);
    put('00000000000002000-1', `7\nhere\n\n${record({ cwd: '/shop', mood: 'good' })}`);
    put('00000000000002000-2', 'no record');
    assert.deepEqual(await spool.records('one'), [
      {
        name: '00000000000002000-1',
        record: { at: 2, event: 'Stop', session: 'one', cwd: '/shop', process: { pid: 7, host: 'here' } },
      },
    ]);
    assert.equal(readdirSync(folder()).length, 451);
  });

  it('may lie in the inbox, and is left there', async () => {
    const inbox = join(root(), 'inbox');
    mkdirSync(inbox);
    writeFileSync(join(inbox, '1-newer'), 'v2\nanything');
    writeFileSync(join(inbox, '2-nothing'), 'anything');
    assert.deepEqual(await spool.sort(), []);
    assert.deepEqual(readdirSync(inbox), ['1-newer']);
  });
});
