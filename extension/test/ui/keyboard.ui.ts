import assert from 'node:assert/strict';
import { LiveApi } from '../workbench/api/live-api.ts';
import { type LaunchedWorkbench, launchWorkbench } from '../workbench/launch.ts';
import { Workbench } from '../workbench/pages/workbench.ts';
import { Pictures } from './support/pictures.ts';
import { stepByStep } from './support/step-by-step.ts';
import { MACHINE, seedThePast } from './support/team.ts';

/** No mouse: what a person who cannot use one does, and hears. */
describe('the keyboard alone', function () {
  stepByStep(this);
  const owned = new AsyncDisposableStack();
  let api: LiveApi;
  let launched: LaunchedWorkbench;
  let workbench: Workbench;
  let pictures: Pictures;

  before(async () => {
    api = owned.use(await LiveApi.start());
    launched = owned.use(
      await launchWorkbench({
        env: { CLAUDE_PROJECTS_API_KEY: api.key },
        settings: {
          'claudeProjects.server.mode': 'remote',
          'claudeProjects.apiBaseUrl': api.url,
          'claudeProjects.machineId': MACHINE,
          'claudeProjects.recovery.prompt': 'never',
        },
      }),
    );
    workbench = new Workbench(launched.page);
    pictures = new Pictures(launched, 'keyboard');
  });
  after(() => owned.disposeAsync());

  const press = (...keys: readonly string[]) => workbench.press(...keys);

  it('opens the view, and reaches what an empty one offers', async () => {
    const { palette, sessions } = workbench;
    await palette.run('Claude Projects: Focus on Sessions View', sessions.welcome);
    for (const name of ['Connect Claude Code', 'Run Demo Orchestration', 'start a session']) {
      const offer = sessions.welcome.getByRole('button', { name, exact: true });
      await offer.waitFor();
      await workbench.pressUntil('Tab', offer.and(launched.page.locator(':focus')));
    }
    await pictures.take('empty');
  });

  it('reads the sessions again', async () => {
    const { palette, sessions } = workbench;
    await seedThePast(api);
    await palette.run('Claude Projects: Refresh Sessions');
    await sessions.row('Needs Attention, sessions: 3').waitFor();
    // While there were none, there was nothing but a text to focus.
    await palette.run('Claude Projects: Focus on Sessions View', sessions.listInFocus);
  });

  it('walks through the rows, each of which says what it is', async () => {
    const { sessions } = workbench;
    // To the end first: the first row may have the focus already, and then nothing tells whether Home was heard. The
    // editor asks its extensions about each command before it runs, so that the next key may overtake it.
    await press('End');
    await sessions.focused(/\bSession of acme\/website /).waitFor();
    await press('Home');
    await sessions.focused('Needs Attention, sessions: 3').waitFor();
    await press('ArrowDown');
    await sessions
      .focused(/^Cache the catalogue\. Session of acme\/mobile on ada-laptop: stalled\. Last heartbeat \d+ min ago\.$/)
      .waitFor();
    await press('ArrowDown');
    await sessions.focused(/\bSession of acme\/shop on grace-laptop: stalled\./).waitFor();
    await press('ArrowDown');
    await sessions
      .focused(
        /^Session of acme\/billing on build-server, slot 2: failed\. Ended .* Reason: No space left on device\.$/,
      )
      .waitFor();
    await pictures.take('on-a-row');
  });

  it('opens a session and walks into its tasks', async () => {
    const { sessions } = workbench;
    await press('ArrowRight');
    await sessions.row('Task Import the invoices: completed.').waitFor();
    await press('ArrowRight');
    await sessions.focused('Task Import the invoices: completed.').waitFor();
    await press('ArrowDown');
    await sessions.focused('Task Send the reminders').waitFor();
    await press('ArrowLeft');
    await sessions.focused(/^Session of acme\/billing /).waitFor();
  });

  it('runs a command from the menu of a row', async () => {
    const { sessions, menu, dialog } = workbench;
    await press('Shift+F10');
    await menu.untilOpen();
    assert.deepEqual(await menu.items(), [
      'Show Session Details',
      'Recover Session',
      'Dismiss Session',
      'Archive Session',
      'Copy Session Id',
      'Delete Session',
    ]);
    await pictures.take('menu');
    await workbench.pressUntil('ArrowDown', menu.focused('Recover Session'));
    await press('Enter');
    await dialog.message.filter({ hasText: 'Recover the session of acme/billing' }).waitFor();
    await press('Enter');
    await sessions.focused(/^Session of acme\/billing on ada-laptop: working\. Tracked by this window\./).waitFor();
  });

  it('answers a notification', async () => {
    const { palette, notifications, sessions } = workbench;
    const button = notifications.button(
      /^The session of acme\/billing\b.* is recovered\./,
      'Start “Send the reminders”',
    );
    await button.waitFor();
    await palette.run('Notifications: Focus Notification Toast');
    await workbench.pressUntil('Tab', button.and(launched.page.locator(':focus')));
    await pictures.take('on-a-notification');
    await press('Enter');
    await sessions.row(/^Send the reminders\. Session of acme\/billing on ada-laptop: working\./).waitFor();
  });

  it('starts a task whose name is typed among those that wait', async () => {
    const { palette, quickInput, sessions } = workbench;
    await palette.run('Claude Projects: Block Task');
    await quickInput.row('Send the reminders, in progress').waitFor();
    await press('Enter');
    await quickInput.untilAsking('Block Task');
    await quickInput.widget.getByText('What does it wait for?').waitFor();
    await press('Enter');
    await palette.run('Claude Projects: Start Task');
    await quickInput.row('Send the reminders, blocked').waitFor();
    await workbench.write('Call the bank');
    await quickInput.row('Start “Call the bank”').and(launched.page.locator('.focused')).waitFor();
    await pictures.take('typed-task');
    await press('Enter');
    await sessions.row(/^Call the bank\. Session of acme\/billing on ada-laptop: working\./).waitFor();
  });

  it('finds in the palette only what has something to act on', async () => {
    const { palette, quickInput } = workbench;
    await palette.untilListed('Claude Projects: Complete Session');
    await palette.search('Claude Projects: Clear API Key');
    // The key comes from the environment: there is none to clear. The editor offers what sounds like it.
    await quickInput.row('Claude Projects: Set API Key').filter({ hasText: 'similar commands' }).waitFor();
    assert.equal(await quickInput.row('Claude Projects: Clear API Key').count(), 0);
    await quickInput.cancel();
  });

  it('filters, and takes the filter away', async () => {
    const { palette, quickInput, sessions } = workbench;
    await palette.run('Claude Projects: Filter Sessions…');
    await quickInput.untilAsking('Filter Sessions');
    await workbench.write('is:stalled');
    await press('Enter');
    await sessions.message.filter({ hasText: '2 of 5 sessions match' }).waitFor();
    await palette.run('Claude Projects: Clear Filter');
    await sessions.row(/^Session of acme\/website /).waitFor();
  });

  it('tells states apart by colour in a theme of high contrast too', async () => {
    const { quickInput } = workbench;
    await press('Control+K', 'Control+T');
    await quickInput.row('Abyss').waitFor();
    await workbench.write('Dark High Contrast');
    await quickInput.row('Dark High Contrast').and(launched.page.locator('.focused')).waitFor();
    await press('Enter');
    await launched.page.locator('.monaco-workbench.hc-black').waitFor();
    const colourOf = (project: string, state: string): Promise<unknown> => {
      const row = `[aria-label*="Session of ${project} "][aria-label*=": ${state}."]`;
      const icon = JSON.stringify(`.sidebar ${row} .custom-view-tree-node-item-icon`);
      return launched.page.evaluate(`getComputedStyle(document.querySelector(${icon})).color`);
    };
    const colours = [await colourOf('acme/shop', 'stalled'), await colourOf('acme/billing', 'working')];
    await launched.screenshot('keyboard-high-contrast');
    assert.deepEqual(colours, ['rgb(244, 135, 113)', 'rgb(137, 209, 133)']);
  });
});
