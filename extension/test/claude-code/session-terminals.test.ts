import assert from 'node:assert/strict';
import { newState } from '../../src/claude-code/claude-state.ts';
import type { Liveness } from '../../src/claude-code/process-look.ts';
import type { RunningProcess } from '../../src/claude-code/running-processes.ts';
import { SessionTerminals } from '../../src/claude-code/session-terminals.ts';
import type { OpenTerminal } from '../../src/claude-code/terminals.ts';
import { sampleSession } from '../support/sample-session.ts';

describe('the terminal of a session of Claude Code', () => {
  const CLAUDE = 40;
  const process = (pid: number, parent: number): RunningProcess => ({ pid, parent, words: [] });
  const terminal = (pid: number | undefined, isOpen = true): OpenTerminal => ({
    processId: Promise.resolve(pid),
    isOpen,
    show: () => undefined,
  });
  const session = sampleSession({ metadata: { claude_session_id: 'abc' } });
  const shells = [terminal(undefined), terminal(20), terminal(30)];
  let liveness: Liveness;
  let processes: readonly RunningProcess[] | undefined;
  let terminals: SessionTerminals;

  beforeEach(() => {
    liveness = 'alive';
    processes = [process(CLAUDE, 35), process(35, 30), process(30, 1), process(20, 1)];
    terminals = new SessionTerminals({
      terminals: { all: shells, shell: '/bin/bash' },
      spool: {
        state: async (conversation) =>
          conversation === 'abc'
            ? { ...newState("/our shop's", 0), process: { pid: CLAUDE, host: 'here' } }
            : undefined,
      },
      look: async () => liveness,
      processes: async () => processes,
    });
  });

  it('is the one whose shell Claude Code descends from', async () => {
    assert.equal(await terminals.find(session), shells[2]);
  });

  it('is none where its process runs elsewhere, is gone, or nobody can tell', async () => {
    processes = [process(CLAUDE, 1)];
    assert.equal(await terminals.find(session), undefined);
    processes = undefined;
    assert.equal(await terminals.find(session), undefined);
    liveness = 'gone';
    processes = [process(CLAUDE, 30)];
    assert.equal(await terminals.find(session), undefined);
    assert.equal(await terminals.find(sampleSession()), undefined);
  });

  it('is the one that was opened for it while that is open', async () => {
    const opened = terminal(99);
    terminals.remember(session.session_id, opened);
    assert.equal(await terminals.find(session), opened);
    terminals.remember(session.session_id, terminal(99, false));
    assert.equal(await terminals.find(session), shells[2]);
  });

  it('is replaced by a command that resumes the conversation, as a copy while the process lives', async () => {
    const folder = String.raw`cd '/our shop'\''s'`;
    assert.equal(await terminals.resumeCommand(session), `${folder} && claude --resume abc --fork-session`);
    liveness = 'gone';
    assert.equal(await terminals.resumeCommand(session), `${folder} && claude --resume abc`);
    assert.equal(await terminals.resumeCommand(sampleSession({ metadata: { claude_session_id: 'else' } })), undefined);
    assert.equal(await terminals.resumeCommand(sampleSession({ metadata: { claude_session_id: '$(x)' } })), undefined);
  });
});
