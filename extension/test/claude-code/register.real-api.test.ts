import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../lifecycle/journals/support/eventually.ts';
import { temporaryFolder } from '../lifecycle/journals/support/temporary-folder.ts';
import { builtHook } from './support/built-hook.ts';
import type { Claude } from './support/claude.ts';
import type { OpenWindow } from './support/open-window.ts';
import { Stage } from './support/stage.ts';

describe('what the register of Claude Code tells of a session, and the real API', function () {
  this.timeout(60_000);
  const root = temporaryFolder();
  const hook = builtHook();
  let stage: Stage;
  let claude: Claude;
  let window: OpenWindow;

  beforeEach(async () => {
    stage = await Stage.set(root(), hook());
    mkdirSync(folder(), { recursive: true });
    window = await stage.openConnected();
    claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await claude.tell('UserPromptSubmit');
    await stage.untilHeld(['active working']);
  });

  afterEach(() => stage.clear());

  const folder = () => join(root(), 'home', 'sessions');
  const write = ({ pid, session }: Claude, status: string, more: object = {}) =>
    writeFileSync(
      join(folder(), `${pid}.json`),
      JSON.stringify({ pid, sessionId: session, status, updatedAt: Date.now(), ...more }),
    );

  it('is seen at once, though no hook comes, and nobody asks for it', async () => {
    write(claude, 'idle');
    await eventually(
      () => window.lifecycle.trackers[0]?.activity === 'idle',
      () => `it is not seen\n${stage.logs}`,
    );
  });

  it('is that it waits as long as one of two processes on its conversation does', async () => {
    const other = await stage.startClaude({ args: ['--resume', claude.session] });
    write(other, 'idle');
    write(claude, 'waiting', { waitingFor: 'permission prompt' });
    await stage.untilHeld(['active waiting_for_input'], () => stage.passTime());
  });
});
