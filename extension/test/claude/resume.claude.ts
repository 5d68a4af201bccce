import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { vsix } from '../package/support/vsix.ts';
import { stepByStep } from '../ui/support/step-by-step.ts';
import { eventually } from '../vscode/support/eventually.ts';
import { type LaunchedWorkbench, launchWorkbench } from '../workbench/launch.ts';
import { Workbench } from '../workbench/pages/workbench.ts';
import { createRunFolder } from '../workbench/processes/run-folder.ts';
import { claudeCode, claudeEnvironment, makeClaudeHome } from './support/claude-code.ts';
import { Model } from './support/model.ts';
import { type RunningClaude, runningClaudes } from './support/processes.ts';

const TITLE = 'Claude Projects';
const CART = 'Build the cart';
const SEARCH = 'Speed up the search';
const PRICES = 'Correct the prices';
const PLAN = 'Sort the prices';
const SHELL = 'exec /bin/bash "$@"';
/** The last line on the screen of Claude Code, in the few lines that the terminal has. */
const PROMPT = /manual mode on/;

/** From the death of a session to its conversation going on in a terminal, also where the terminal is broken. */
describe('a recovered session of the real Claude Code', function () {
  stepByStep(this);
  const owned = new AsyncDisposableStack();
  let model: Model;
  let home: string;
  let shop: string;
  let shell: string;
  let launched: LaunchedWorkbench;
  let workbench: Workbench;
  let claude: RunningClaude;

  before(async function () {
    this.timeout(120_000);
    const folder = owned.use(createRunFolder());
    model = owned.use(await Model.start());
    const task = { use: 'TaskCreate', input: { subject: PLAN, description: 'From the lowest to the highest' } };
    model.script('cart', [task, 'hold']);
    model.script('search', ['hold']);
    // Claude Code writes nothing of a conversation down before its first answer.
    model.script('prices', [{ use: 'Bash', input: { command: 'echo prices', description: 'Look' } }, 'hold', 'hold']);
    home = join(folder.path, 'home');
    shop = join(folder.path, 'shop');
    shell = join(folder.path, 'shell/bash');
    mkdirSync(shop);
    mkdirSync(join(folder.path, 'shell'));
    makeClaudeHome(claudeCode(), home, [shop]);
    useShell(SHELL);
    launched = owned.use(
      await launchWorkbench({
        vsix,
        workspace: shop,
        // Newer models have no tool for tasks.
        env: { ...claudeEnvironment(claudeCode(), home, model.url), ANTHROPIC_MODEL: 'claude-sonnet-4-5' },
        settings: {
          'terminal.integrated.gpuAcceleration': 'off',
          'terminal.integrated.profiles.linux': { test: { path: shell } },
          'terminal.integrated.defaultProfile.linux': 'test',
        },
      }),
    );
    workbench = new Workbench(launched.page);
  });
  after(() => owned.disposeAsync());

  const rowOf = (about: string, state = ''): Locator => workbench.sessions.row(nameOf(about, state));
  const nameOf = (about: string, state: string) => new RegExp(`^${about} @\\w+\\. Session of shop on [^:]+: ${state}`);
  const untilOneRuns = (besides: readonly RunningClaude[] = []) =>
    eventually('one more Claude Code runs', () => {
      const [one, ...others] = runningClaudes(home).filter(({ pid }) => besides.every((other) => other.pid !== pid));
      return others.length === 0 ? one : undefined;
    });

  /** In this order, in the conversation. */
  const untilSaid = (conversation: string, texts: readonly string[]) =>
    eventually(`${texts.join(', then ')} in ${conversation}`, () => {
      const folder = join(home, '.claude/projects');
      const file = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((path) =>
        path.endsWith(`${conversation}.jsonl`),
      );
      let rest = file === undefined ? '' : readFileSync(join(folder, file), 'utf8');
      for (const text of texts) {
        const at = rest.indexOf(text);
        if (at === -1) return undefined;
        rest = rest.slice(at);
      }
      return true;
    });

  /** What new terminals run from now on. */
  function useShell(script: string): void {
    rmSync(shell, { force: true });
    writeFileSync(shell, `#!/bin/sh\n${script}\n`);
    chmodSync(shell, 0o755);
  }

  async function start(about: string, script: string, before: readonly RunningClaude[] = []): Promise<RunningClaude> {
    await workbench.terminal.open();
    await workbench.terminal.run(`claude '${about} @${script}'`);
    await rowOf(about).waitFor();
    return untilOneRuns(before);
  }

  async function recover(about: string, button = 'Recover', atLast = () => {}): Promise<string> {
    const { sessions, dialog, notifications } = workbench;
    // The window shows three at a time.
    await notifications.dismissAll();
    await sessions.press(nameOf(about, 'failed'), 'Recover Session');
    const detail = await dialog.detail.innerText();
    atLast();
    await dialog.press(button);
    return detail;
  }

  it('is connected, and at work on a task', async function () {
    this.timeout(90_000);
    const { activityBar, sessions, palette, quickInput, comparison } = workbench;
    await activityBar.open(TITLE);
    await sessions.welcome.getByText('There are no sessions yet').waitFor();
    await palette.run(`${TITLE}: Connect Claude Code`, quickInput.row('All my sessions'));
    await quickInput.choose('All my sessions');
    await comparison.editor.waitFor();
    await comparison.button('Connect').click();
    await comparison.editor.waitFor({ state: 'detached' });
    claude = await start(CART, 'cart');
    await sessions.expand(nameOf(CART, ''));
    await sessions.row(new RegExp(`^Task ${PLAN}`)).waitFor();
  });

  it('is told of the plan in a new terminal, and goes on', async function () {
    this.timeout(90_000);
    process.kill(claude.pid, 'SIGKILL');
    await rowOf(CART, 'failed').waitFor();
    const detail = await recover(CART);
    assert.match(detail, /A new terminal opens\. Claude Code resumes the conversation there/);
    const { sessionId } = claude;
    claude = await untilOneRuns();
    assert.equal(claude.sessionId, sessionId);
    // The script of the model is over.
    await untilSaid(sessionId, [`Still to do: '${PLAN}'`, 'Done.']);
  });

  it('is found again among several terminals', async function () {
    this.timeout(90_000);
    const { terminal, palette, quickInput } = workbench;
    await terminal.open();
    assert.doesNotMatch(await terminal.screen.innerText(), PROMPT);
    await palette.run(`${TITLE}: Show Terminal`, quickInput.row(CART));
    await quickInput.choose(CART);
    await terminal.untilShown(PROMPT);
  });

  it('fails in a terminal whose shell does not find claude', async function () {
    this.timeout(90_000);
    process.kill(claude.pid, 'SIGKILL');
    await rowOf(CART, 'failed').waitFor();
    useShell('PATH=/usr/bin:/bin HOME=/nonexistent exec /bin/bash "$@"');
    await recover(CART);
    await untilFailed('it ended with code 127');
  });

  it('fails in a terminal whose shell does not exist', async function () {
    this.timeout(90_000);
    // At the last moment: where the editor notices before that the shell is gone, it takes the one of the system.
    await recover(CART, 'Recover', () => rmSync(shell));
    await untilFailed('its terminal was closed');
  });

  it('goes on when the shell works again', async function () {
    this.timeout(90_000);
    await recover(CART, 'Recover Anyway');
    claude = await untilOneRuns();
    await workbench.terminal.untilShown(PROMPT);
  });

  it('goes on with the newest copy of its conversation', async function () {
    this.timeout(120_000);
    const { sessions, quickInput } = workbench;
    const original = await start(SEARCH, 'search', [claude]);
    // It is taken for dead while it lives, so that a copy goes on.
    await sessions.chooseFromMenu(nameOf(SEARCH, ''), 'Mark Session Failed');
    await quickInput.accept('It looked dead');
    await rowOf(SEARCH, 'failed').waitFor();
    await recover(SEARCH);
    const copy = await untilOneRuns([claude, original]);
    assert.notEqual(copy.sessionId, original.sessionId);
    // Before it has written anything there is nothing to resume.
    await untilSaid(copy.sessionId, ['Claude Projects recovered this session']);
    process.kill(original.pid, 'SIGKILL');
    process.kill(copy.pid, 'SIGKILL');
    await rowOf(SEARCH, 'failed').waitFor();
    await recover(SEARCH);
    const again = await untilOneRuns([claude]);
    assert.equal(again.sessionId, copy.sessionId);
  });

  it('is offered together with all others after a restart of the machine', async function () {
    this.timeout(120_000);
    // It was recovered as often as is allowed without a question.
    process.kill(claude.pid, 'SIGKILL');
    await rowOf(CART, 'failed').waitFor();
    await start(PRICES, 'prices', runningClaudes(home));
    await model.untilHeld('prices');
    const ended = runningClaudes(home);
    assert.equal(ended.length, 2);
    for (const { sessionId } of ended) await untilFollowed(sessionId);
    // Nobody is left to see them end, as where a machine stops.
    process.kill(extensionHost(), 'SIGSTOP');
    for (const { pid } of ended) process.kill(pid, 'SIGKILL');
    // As if the machine had started after they were heard of.
    for (const { sessionId } of ended) ageState(sessionId);
    await launched.restartHost();
    const { notifications } = workbench;
    const offer = '2 sessions of Claude Code ended when this machine stopped.';
    await notifications.toast(offer).waitFor({ timeout: 60_000 });
    await notifications.press(offer, 'Resume 2 Sessions');
    await eventually('both run again', () => {
      const conversations = runningClaudes(home).map(({ sessionId }) => sessionId);
      return String(conversations.sort()) === String(ended.map(({ sessionId }) => sessionId).sort()) || undefined;
    });
    await notifications.toast('2 sessions are recovered.').waitFor();
  });

  async function untilFailed(why: string): Promise<void> {
    const { notifications, palette } = workbench;
    await rowOf(CART, `.*${why}`).waitFor();
    assert.deepEqual(runningClaudes(home), []);
    // Several at once are no toasts: the editor keeps some of them for its list.
    const told = launched.page.locator('.notifications-center .notification-list-item').filter({ hasText: why });
    await palette.run('Notifications: Show Notifications', told);
    assert.match(await told.innerText(), /^Claude Code did not/m);
    await notifications.dismissAll();
  }

  function extensionHost(): number {
    const [, pid] = [...launched.serverLog().matchAll(/<(\d+)> Launched Extension Host Process/g)].at(-1) ?? [];
    assert.ok(pid);
    return Number(pid);
  }

  const untilFollowed = (conversation: string) =>
    eventually(`${conversation} is followed`, () =>
      readFileSync(stateFile(conversation), 'utf8').includes('"phase":"live"') ? true : undefined,
    );

  function ageState(conversation: string): void {
    const path = stateFile(conversation);
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"seenAt":[\d.]+/g, '"seenAt":0'));
  }

  function stateFile(conversation: string): string {
    const settings = readFileSync(join(home, '.claude/settings.json'), 'utf8');
    const [, hooks = ''] = /([^"' ]*claude-projects-hook)/.exec(settings) ?? [];
    return join(hooks, 'sessions', conversation, 'state.json');
  }
});
