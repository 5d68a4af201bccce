import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { HOOK_EVENTS } from '../../src/claude-code/hook-command.ts';
import { eventually } from '../vscode/support/eventually.ts';
import { type LaunchedWorkbench, launchWorkbench } from '../workbench/launch.ts';
import { Workbench } from '../workbench/pages/workbench.ts';
import { Pictures } from './support/pictures.ts';
import { stepByStep } from './support/step-by-step.ts';

const CONNECT = 'Claude Projects: Connect Claude Code';
const DISCONNECT = 'Claude Projects: Disconnect Claude Code';
/** Each of these characters has a meaning of its own in a URI. */
const FOLDER = 'our #1 shop? 100%';

/** Begins with empty settings. */
describe('connecting Claude Code by the command', function () {
  stepByStep(this);
  const owned = new AsyncDisposableStack();
  let launched: LaunchedWorkbench;
  let workbench: Workbench;
  let pictures: Pictures;
  let home: string;
  let ofTheUser: string;
  let ofTheFolder: string;

  before(async () => {
    const root = mkdtempSync(join(tmpdir(), 'claude-projects-home-'));
    owned.defer(() => rmSync(root, { recursive: true, force: true }));
    home = join(root, '.claude');
    const workspace = join(root, FOLDER);
    mkdirSync(workspace);
    launched = owned.use(
      await launchWorkbench({
        workspace,
        env: { CLAUDE_CONFIG_DIR: home },
        settings: { 'claudeProjects.server.mode': 'remote' },
      }),
    );
    workbench = new Workbench(launched.page);
    pictures = new Pictures(launched, 'connect');
    ofTheUser = join(home, 'settings.json');
    ofTheFolder = join(workspace, '.claude/settings.local.json');
  });
  after(() => owned.disposeAsync());

  const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);
  const untilItHolds = (path: string, text: string) =>
    eventually(`${path} holds what it held`, () => (read(path) === text ? true : undefined));
  const untilGone = (path: string) => eventually(`${path} is gone`, () => (existsSync(path) ? undefined : true));
  const untilConnected = (path: string) =>
    eventually(`${path} has each hook once`, () =>
      (read(path) ?? '').split('claude-projects-hook').length - 1 === HOOK_EVENTS.length ? true : undefined,
    );

  /** Runs the command and waits for the question. */
  async function askFor(command: string, scope?: string): Promise<void> {
    const { palette, quickInput, comparison, notifications } = workbench;
    await palette.run(command, scope === undefined ? comparison.editor : quickInput.row(scope));
    if (scope !== undefined) await quickInput.choose(scope);
    await comparison.editor.waitFor();
    // The notification comes a moment after the comparison: an answer before that would leave it there.
    await notifications
      .toast(`Review the change, then choose ${command === CONNECT ? 'Connect' : 'Disconnect'}`)
      .first()
      .waitFor();
  }

  async function answer(button: 'Connect' | 'Disconnect' | 'Cancel'): Promise<void> {
    const { comparison, notifications } = workbench;
    await comparison.button(button).click();
    await comparison.editor.waitFor({ state: 'detached' });
    await notifications.toast('Review the change').first().waitFor({ state: 'detached' });
  }

  /** Presses the key once: after it the palette lists the command no more, so nobody could try again. */
  async function answerFromPalette(command: string): Promise<void> {
    const { palette, quickInput } = workbench;
    await palette.search(`Claude Projects: ${command}`);
    await quickInput.row(`Claude Projects: ${command}`).and(launched.page.locator('.focused')).waitFor();
    await workbench.press('Enter');
  }

  it('shows the change, which can be read to its end while it is asked', async () => {
    const { comparison, dialog, notifications } = workbench;
    await askFor(CONNECT, `Sessions in ${FOLDER}`);
    await comparison.tab('settings.local.json: current ↔ proposed').waitFor();
    await notifications.toast('Review the change').waitFor();
    await pictures.take('asked');
    assert.equal(await dialog.box.count(), 0, 'nothing dims the comparison');
    await comparison.proposed.filter({ hasText: '"hooks": {' }).click();
    const last = comparison.proposed.filter({ hasText: `"${HOOK_EVENTS.at(-1)}"` });
    assert.equal(await last.count(), 0, 'the end is out of sight');
    await workbench.pressUntil('PageDown', last);
    assert.equal(existsSync(dirname(ofTheFolder)), false, 'nothing is written before the answer');
  });

  it('writes the hooks of the folder, and takes them out without a trace', async () => {
    await answer('Connect');
    await untilConnected(ofTheFolder);
    await askFor(DISCONNECT);
    await answer('Disconnect');
    await untilGone(dirname(ofTheFolder));
  });

  it('does the same for all sessions of the user', async () => {
    await askFor(CONNECT, 'All my sessions');
    const { comparison, notifications } = workbench;
    await comparison.tab('settings.json: current ↔ proposed').waitFor();
    await notifications.toast('Review the change').getByRole('link', { name: 'Connect', exact: true }).click();
    await comparison.editor.waitFor({ state: 'detached' });
    await untilConnected(ofTheUser);
    await askFor(DISCONNECT);
    await answer('Disconnect');
    await untilGone(home);
  });

  it('brings settings back byte for byte', async () => {
    const mine = '// mine\n{\n\t"model": "opus", // the best\n}';
    mkdirSync(home);
    writeFileSync(ofTheUser, mine);
    await askFor(CONNECT, 'All my sessions');
    await answer('Connect');
    await untilConnected(ofTheUser);
    await askFor(DISCONNECT);
    await answer('Disconnect');
    await untilItHolds(ofTheUser, mine);
    assert.deepEqual(readdirSync(home), ['settings.json']);
  });

  it('changes nothing where the person cancels, closes the comparison, asks again or reloads the window', async () => {
    const { comparison, notifications } = workbench;
    const title = 'settings.json: current ↔ proposed';
    const before = read(ofTheUser);
    const untilNotAsked = async () => {
      await comparison.tab(title).waitFor({ state: 'detached' });
      await notifications.toast('Review the change').first().waitFor({ state: 'detached' });
      assert.equal(read(ofTheUser), before);
    };
    await askFor(CONNECT, 'All my sessions');
    await answer('Cancel');
    await untilNotAsked();

    await askFor(CONNECT, 'All my sessions');
    await comparison.closeTab(title);
    await untilNotAsked();

    await askFor(CONNECT, 'All my sessions');
    // By key: a new toast draws its buttons twice, and a click may fall between both.
    await notifications.button('Review the change', 'Cancel').press('Enter');
    await untilNotAsked();

    await askFor(CONNECT, 'All my sessions');
    await askFor(CONNECT, `Sessions in ${FOLDER}`);
    await comparison.tab('settings.local.json: current ↔ proposed').waitFor();
    await comparison.tab(title).waitFor({ state: 'detached' });
    await answerFromPalette('Cancel Settings Change');
    await comparison.tab('settings.local.json: current ↔ proposed').waitFor({ state: 'detached' });
    await untilNotAsked();

    await askFor(CONNECT, 'All my sessions');
    await launched.reload();
    await untilNotAsked();
    assert.equal(existsSync(dirname(ofTheFolder)), false);
  });

  it('is answered with the keyboard alone', async () => {
    const { palette, quickInput, comparison } = workbench;
    await palette.run(CONNECT, quickInput.row('All my sessions'));
    await workbench.press('ArrowDown', 'Enter');
    await comparison.editor.waitFor();
    await answerFromPalette('Confirm Connection');
    await comparison.editor.waitFor({ state: 'detached' });
    await untilConnected(ofTheUser);
  });
});
