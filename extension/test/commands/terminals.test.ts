import assert from 'node:assert/strict';
import { sampleSession } from '../support/sample-session.ts';
import { CommandBench } from './support/bench.ts';

describe('commands for the terminal of a session', () => {
  let bench: CommandBench;
  const running = sampleSession({ metadata: { claude_session_id: 'abc' } });
  const over = sampleSession({ metadata: { claude_session_id: 'def' }, status: 'failed', health: 'ended' });
  const another = sampleSession();

  beforeEach(() => {
    bench = new CommandBench();
    bench.sessions.become(running, over, another);
  });

  it('show it', async () => {
    let shown = 0;
    bench.terminals.set(running.session_id, {
      processId: Promise.resolve(1),
      isOpen: true,
      show: () => void (shown += 1),
    });
    await bench.run('claudeProjects.showTerminal', running.session_id);
    assert.equal(shown, 1);
    assert.deepEqual([bench.clipboard, bench.notifier.messages], ['', []]);
  });

  it('say that the resume command was copied where this window does not have it', async () => {
    bench.resumeCommands.set(running.session_id, 'claude --resume abc');
    await bench.run('claudeProjects.showTerminal', running.session_id);
    assert.equal(bench.clipboard, 'claude --resume abc');
    assert.deepEqual(bench.notifier.messages, [
      'This window has no terminal of the session of acme/shop. The command that resumes its conversation was copied.',
    ]);
  });

  it('copy the resume command', async () => {
    bench.resumeCommands.set(over.session_id, 'claude --resume def');
    await bench.run('claudeProjects.copyResumeCommand', over.session_id);
    assert.equal(bench.clipboard, 'claude --resume def');
    assert.deepEqual(bench.ui.notes, ['Resume command copied']);
  });

  it('say so where the conversation is on another machine', async () => {
    await bench.run('claudeProjects.copyResumeCommand', over.session_id);
    assert.deepEqual(bench.notifier.messages, [
      'The session of acme/shop has no Claude Code conversation on this machine.',
    ]);
  });

  it('offer sessions of Claude Code alone, and terminals of those that live', async () => {
    for (const id of [running.session_id, over.session_id]) bench.resumeCommands.set(id, 'claude');
    bench.ui.answers.push('acme/shop');
    await bench.run('claudeProjects.showTerminal');
    bench.ui.answers.push('acme/shop');
    await bench.run('claudeProjects.copyResumeCommand');
    assert.deepEqual(
      bench.ui.offered.map((labels) => labels.length),
      [1, 2],
    );
  });
});
