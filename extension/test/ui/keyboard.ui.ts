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
  let launched: LaunchedWorkbench;
  let workbench: Workbench;
  let pictures: Pictures;

  before(async () => {
    const api = owned.use(await LiveApi.start());
    await seedThePast(api);
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

  it('opens the view', async () => {
    const { palette, sessions } = workbench;
    await palette.run('Claude Projects: Focus on Sessions View');
    await sessions.row('Needs Attention, sessions: 3').waitFor();
    // While they were read there was nothing but a text to focus.
    await palette.run('Claude Projects: Focus on Sessions View');
  });

  it('walks through the rows, each of which says what it is', async () => {
    const { sessions } = workbench;
    await press('Home');
    await sessions.focused('Needs Attention, sessions: 3').waitFor();
    await press('ArrowDown');
    await sessions
      .focused(/^Session of acme\/mobile on ada-laptop: stalled\. .*Last heartbeat \d+ min ago\.$/)
      .waitFor();
    await press('ArrowDown');
    await sessions.focused(/^Session of acme\/shop on grace-laptop: stalled\./).waitFor();
    await press('ArrowDown');
    await sessions
      .focused(/^Session of acme\/billing on build-server, slot 2: failed\. .*Error: No space left on device\. Ended/)
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
      'Copy Session Id',
      'Recover Session',
      'Archive Session',
      'Delete Session',
    ]);
    await pictures.take('menu');
    await menu.focus('Recover Session');
    await press('Enter');
    await dialog.message.filter({ hasText: 'Recover the session of acme/billing' }).waitFor();
    await press('Enter');
    await sessions.focused(/^Session of acme\/billing on ada-laptop: running\. Tracked by this window\./).waitFor();
  });
});
