import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { vsix } from '../package/support/vsix.ts';
import { Pictures } from '../ui/support/pictures.ts';
import { stepByStep } from '../ui/support/step-by-step.ts';
import { eventually } from '../vscode/support/eventually.ts';
import { type LaunchedWorkbench, launchWorkbench } from '../workbench/launch.ts';
import { Workbench } from '../workbench/pages/workbench.ts';
import { createRunFolder } from '../workbench/processes/run-folder.ts';
import { claudeCode, claudeEnvironment, makeClaudeHome } from './support/claude-code.ts';
import { git, makeRepository } from './support/git.ts';
import { Model } from './support/model.ts';
import { type RunningClaude, runningClaudes } from './support/processes.ts';
import { TITLE } from './support/stage.ts';

const NARROW = 300;
const CHECKOUT = 'Build the checkout';
const PRICES = 'Correct the prices';
const SEARCH = 'Speed up the search';

/**
 * What people do who run several agents: two in one folder, a third in a worktree with a window of its own. From
 * settings in which nothing is set, and an editor in which the extension has just been installed.
 */
describe('three agents on one machine', function () {
  stepByStep(this);
  const owned = new AsyncDisposableStack();
  let home: string;
  let settings: string;
  let shop: string;
  let worktree: string;
  let model: Model;
  let launched: LaunchedWorkbench;
  let first: Workbench;
  let second: Workbench;
  let pictures: Pictures;
  let killed: readonly RunningClaude[];

  before(async function () {
    this.timeout(120_000);
    const folder = owned.use(createRunFolder());
    model = owned.use(await Model.start());
    for (const name of ['checkout', 'prices', 'search']) {
      const look = { use: 'Bash', input: { command: `echo ${name}`, description: `Look at ${name}` } };
      // What is resumed has an answer to what was broken off: that there was none.
      model.script(name, [look, 'hold', 'hold', 'hold']);
    }
    home = join(folder.path, 'home');
    settings = join(home, '.claude/settings.json');
    shop = join(folder.path, 'shop');
    worktree = join(folder.path, 'shop-search');
    makeRepository(shop, 'shop');
    git(shop, 'worktree', 'add', '--quiet', '-b', 'search', worktree);
    makeClaudeHome(claudeCode(), home, [shop, worktree]);
    launched = owned.use(
      await launchWorkbench({
        vsix,
        workspace: shop,
        env: claudeEnvironment(claudeCode(), home, model.url),
        // What the terminal shows can be read only where it is drawn as text.
        settings: { 'terminal.integrated.gpuAcceleration': 'off' },
      }),
    );
    first = new Workbench(launched.page);
    pictures = new Pictures(launched, 'agents');
  });
  after(() => owned.disposeAsync());

  /** The accessible name of the row. */
  const nameOf = (about: string, state: string) =>
    new RegExp(`^${about} @\\w+\\. Session of acme/shop on [^:]+: ${state}`);
  const rowOf = ({ sessions }: Workbench, about: string, state = ''): Locator => sessions.row(nameOf(about, state));
  const untilLives = async (folders: readonly string[]) =>
    eventually(`Claude Code runs in ${folders.join(', ')}`, () => {
      const found = runningClaudes(home);
      return String(found.map(({ cwd }) => cwd).sort()) === String([...folders].sort()) ? found : undefined;
    });

  const conversations = (claudes: readonly RunningClaude[]) => claudes.map(({ sessionId }) => sessionId).toSorted();

  async function start({ terminal }: Workbench, prompt: string, script: string): Promise<void> {
    await terminal.open();
    await terminal.run(`claude '${prompt} @${script}'`);
  }

  it('are connected by the command, from empty settings', async () => {
    const { activityBar, sessions, palette, quickInput, comparison } = first;
    await activityBar.open(TITLE);
    await sessions.welcome.getByText('There are no sessions yet').waitFor();
    assert.equal(existsSync(settings), false);
    await palette.run(`${TITLE}: Connect Claude Code`, quickInput.row('All my sessions'));
    await quickInput.choose('All my sessions');
    await comparison.editor.waitFor();
    await comparison.button('Connect').click();
    await comparison.editor.waitFor({ state: 'detached' });
    await eventually('the settings name our hooks', () => existsSync(settings) || undefined);
  });

  it('are told apart where two work in one folder', async function () {
    this.timeout(90_000);
    await start(first, CHECKOUT, 'checkout');
    await rowOf(first, CHECKOUT).waitFor();
    await start(first, PRICES, 'prices');
    await rowOf(first, PRICES).waitFor();
    await untilLives([shop, shop]);
  });

  it('are seen from both windows where one works in a worktree', async function () {
    this.timeout(120_000);
    second = new Workbench(await launched.openWindow(worktree));
    await second.activityBar.open(TITLE);
    await start(second, SEARCH, 'search');
    await rowOf(second, SEARCH).waitFor();
    for (const about of [CHECKOUT, PRICES, SEARCH]) {
      await rowOf(first, about).waitFor();
      await rowOf(second, about).waitFor();
    }
    await pictures.take('running');
    await first.setSideBarWidth(NARROW);
    await pictures.take('running-in-a-narrow-bar');
  });

  it('are shown as dead when their processes are killed', async function () {
    this.timeout(90_000);
    killed = await untilLives([shop, shop, worktree]);
    for (const { pid } of killed) process.kill(pid, 'SIGKILL');
    for (const about of [CHECKOUT, PRICES]) await rowOf(first, about, 'failed').waitFor();
    await rowOf(second, SEARCH, 'failed').waitFor();
    await first.statusBar.own.filter({ hasText: /[23] need you/ }).waitFor();
    await pictures.take('dead');
  });

  it('are all recovered from their rows, each in a terminal of its own', async function () {
    this.timeout(180_000);
    await recover(first, CHECKOUT);
    await untilLives([shop]);
    await recover(first, PRICES);
    await untilLives([shop, shop]);
    await recover(second, SEARCH);
    const alive = await untilLives([shop, shop, worktree]);
    assert.deepEqual(conversations(alive), conversations(killed), 'each goes on with its own conversation');
    for (const about of [CHECKOUT, PRICES, SEARCH]) {
      await rowOf(first, about, 'working').waitFor();
      await rowOf(second, about, 'working').waitFor();
    }
    await pictures.take('recovered');
  });

  it('are disconnected without a trace', async () => {
    const { palette, comparison } = first;
    await palette.run(`${TITLE}: Disconnect Claude Code`, comparison.editor);
    await comparison.button('Disconnect').click();
    await eventually('the settings are as they were', () => (existsSync(settings) ? undefined : true));
  });

  async function recover({ sessions, dialog }: Workbench, about: string): Promise<void> {
    await sessions.press(nameOf(about, 'failed'), 'Recover Session');
    await dialog.press('Recover');
  }
});
