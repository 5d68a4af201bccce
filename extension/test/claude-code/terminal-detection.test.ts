import assert from 'node:assert/strict';
import { startsClaude } from '../../src/claude-code/terminal-detection.ts';
import { eventually } from '../lifecycle/journals/support/eventually.ts';
import { temporaryFolder } from '../lifecycle/journals/support/temporary-folder.ts';
import { builtHook } from './support/built-hook.ts';
import { Stage } from './support/stage.ts';

describe('Claude Code in a terminal', function () {
  this.timeout(60_000);
  const root = temporaryFolder();
  const hook = builtHook();
  let stage: Stage;

  beforeEach(async () => {
    stage = await Stage.set(root(), hook());
  });

  afterEach(() => stage.clear());

  const begin = (window: ReturnType<Stage['open']>, commandLine: string) => {
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    window.commands.fire({ commandLine, cwd: stage.folder, ended: promise });
    return resolve;
  };

  it('is told from other commands', () => {
    const yes = ['claude', ' claude --resume x', 'FOO=1 claude -p "hi"', '/usr/bin/claude', '"C:\\x\\claude.exe" -c'];
    const no = ['', 'claude --version', 'claude mcp list', 'claude doctor', 'echo claude', 'claudette', 'cd claude'];
    for (const line of yes) assert.equal(startsClaude(line), true, line);
    for (const line of no) assert.equal(startsClaude(line), false, line);
  });

  it('is tracked from its start to its end, and fails with its code', async () => {
    const window = stage.open();
    begin(window, 'ls -la');
    const end = begin(window, 'claude');
    await stage.untilHeld(['active working']);
    await stage.passTime();
    const endOther = begin(window, 'claude --continue');
    await stage.untilHeld(['active working', 'active working']);
    end(0);
    await stage.untilHeld(['completed', 'active working']);
    endOther(2);
    await stage.untilHeld(['completed', 'failed: claude ended with code 2']);
    const [session] = await stage.sessions();
    const { checkout, ...metadata } = session?.metadata ?? {};
    assert.equal(typeof checkout, 'string');
    assert.deepEqual(metadata, { source: 'claude-code-terminal', cwd: stage.folder });
  });

  it('is left to its hooks where they are connected', async () => {
    const window = await stage.openConnected();
    begin(window, 'claude');
    const claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await stage.untilHeld(['active idle']);
    await eventually(
      () => window.lifecycle.trackers.length === 1,
      () => 'it is tracked twice',
    );
  });
});
