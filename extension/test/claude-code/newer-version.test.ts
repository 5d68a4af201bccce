import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newState } from '../../src/claude-code/claude-state.ts';
import { conversationOf } from '../../src/claude-code/resume-after-recovery.ts';
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
  const record = { v: 1, at: 1, event: 'Stop', session: 'one', cwd: '/shop', process: { host: 'here' } };

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
    assert.equal(await conversationOf({ metadata: { claude_session_id: 'one' } }, spool), undefined);
    write('state.json', newState('/shop', 1));
    assert.equal(await conversationOf({ metadata: { claude_session_id: 'one' } }, spool), 'here');
  });

  it('is not treated as damage', async () => {
    writeFileSync(join(folder(), 'state.json'), '{"v":1,');
    assert.equal(await spool.state('one'), undefined);
  });

  it('may have any number of records that stay and do not delay others', async () => {
    for (let number = 0; number < 450; number++) write(`100-${1000 + number}.json`, { ...record, v: 2 });
    write('200-1.json', { ...record, mood: 'good' });
    writeFileSync(join(folder(), '200-2.json'), 'no JSON');
    assert.deepEqual(
      (await spool.records('one')).map(({ name, record }) => [name, record]),
      [['200-1.json', record]],
    );
    assert.equal(readdirSync(folder()).length, 451);
  });
});
