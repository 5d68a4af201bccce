import assert from 'node:assert/strict';
import { type Session, StateTrackingApiClient } from '@claude-projects/shared/client';
import { LiveApi } from '../workbench/api/live-api.ts';
import { type LaunchedWorkbench, launchWorkbench } from '../workbench/launch.ts';
import { SessionPageView } from '../workbench/pages/session-page.ts';
import { Workbench } from '../workbench/pages/workbench.ts';
import { Pictures } from './support/pictures.ts';
import { stepByStep } from './support/step-by-step.ts';
import { MACHINE } from './support/team.ts';

const MINUTE = 60_000;
const DETAILS = 'Claude Projects: Show Session Details';
const TITLE = 'Let customers pay by invoice';
const HOSTILE = '<img src=x onerror="document.title=1"> *not* [a link](command:workbench.action.quit)';

describe('the page of a session in the editor', function () {
  stepByStep(this);
  const owned = new AsyncDisposableStack();
  let api: LiveApi;
  let client: StateTrackingApiClient;
  let launched: LaunchedWorkbench;
  let workbench: Workbench;
  let page: SessionPageView;
  let pictures: Pictures;
  let first: Session;

  before(async () => {
    api = owned.use(await LiveApi.start());
    client = new StateTrackingApiClient({ baseUrl: api.url, apiKey: api.key });
    await api.earlier(95 * MINUTE, async (url) => {
      const past = new StateTrackingApiClient({ baseUrl: url, apiKey: api.key });
      first = await past.createSession({
        project_id: 'acme/shop',
        machine_id: 'grace-laptop',
        docker_slot: 62_111,
        metadata: {
          title: TITLE,
          branch: 'feature/invoices',
          cwd: '/home/grace/src/shop',
          source: 'claude-code',
          claude_session_id: '0c7e3a52-8f0e-4c57-9d0e-2f3a8b1f6c11',
          limits: { cost: 2.5, tools: ['Bash', 'Edit'] },
          note: HOSTILE,
        },
      });
      const { session_id, project_id } = first;
      const task = async (task_name: string, extra: object = {}) => {
        const made = await past.createTask({ session_id, project_id, task_name, ...extra });
        return made.task_id;
      };
      const schema = await task('Design the database schema', { github_issue_id: '#212' });
      await past.updateTask(schema, { status: 'in_progress' });
      await past.updateTask(schema, { status: 'completed' });
      const provider = await task('Connect the payment provider');
      await past.updateTask(provider, { status: 'in_progress' });
      await past.updateTask(provider, {
        status: 'failed',
        error_message: `The provider refused the test key.\n${HOSTILE}`,
      });
      const mails = await task('Send the invoices');
      await past.updateTask(mails, { status: 'in_progress' });
      await past.updateTask(mails, {
        status: 'blocked',
        metadata: { block_reason: 'Waits for the mail server’s password' },
      });
      const checkout = await task('Write the checkout');
      await past.updateTask(checkout, { status: 'in_progress' });
      await past.sendHeartbeat(session_id, { current_task_id: checkout });
      for (const name of ['Write the tests', 'Explain it in the handbook']) await task(name);
    });
    await client.sendHeartbeat(first.session_id);
    launched = owned.use(
      await launchWorkbench({
        env: { CLAUDE_PROJECTS_API_KEY: api.key },
        settings: {
          'claudeProjects.server.mode': 'remote',
          'claudeProjects.apiBaseUrl': api.url,
          'claudeProjects.machineId': MACHINE,
          'claudeProjects.recovery.prompt': 'never',
          'claudeProjects.refreshIntervalSeconds': 5,
        },
        viewport: { width: 1100, height: 1000 },
      }),
    );
    workbench = new Workbench(launched.page);
    page = new SessionPageView(launched.page);
    pictures = new Pictures(launched, 'session-page');
  });
  after(() => owned.disposeAsync());

  it('is named after what the session is about, and says how it is in plain words', async () => {
    const { palette, quickInput, activityBar, sessions } = workbench;
    await activityBar.open('Claude Projects');
    // The palette offers the command once a session is known.
    await sessions.rows.filter({ hasText: TITLE }).waitFor();
    await palette.run(DETAILS, quickInput.row(TITLE));
    await quickInput.choose(TITLE);
    await page.tab(TITLE).waitFor();
    await page.heading(TITLE).waitFor();
    await page.status.filter({ hasText: /Working\s+for 1 h 3[5-9] min/ }).waitFor();
    await page.task('Send the invoices').filter({ hasText: 'Waits for the mail server’s password' }).waitFor();
    await page.task('Design the database schema').filter({ hasText: 'issue #212' }).waitFor();
    const text = await page.text();
    assert.match(text, /feature\/invoices/);
    assert.doesNotMatch(text, /in_progress|62111|\{\}/);
    assert.ok(text.includes(HOSTILE), 'what others wrote is text');
    assert.equal(await page.main.locator('img').count(), 0);
    await pictures.take('running');
  });

  it('follows the session while it is open, and keeps what has the focus', async () => {
    await page.button('Copy Id').focus();
    await client.updateSession(first.session_id, {
      activity: 'waiting_for_input',
      activity_detail: 'May I add a dependency?',
    });
    await page.status.filter({ hasText: 'Waits for input' }).waitFor();
    await page.status.filter({ hasText: 'May I add a dependency?' }).waitFor();
    await page.button('Copy Id').and(page.focused).waitFor();
    await client.markSessionFailed(first.session_id, { error_message: 'No space left on device' });
    await page.status.filter({ hasText: 'No space left on device' }).waitFor();
    await page.task('Write the checkout').filter({ hasText: 'No space left on device' }).waitFor();
    await pictures.take('failed');
  });

  it('comes back after a reload of the window', async () => {
    await launched.reload();
    await page.heading(TITLE).waitFor();
    await page.task('Write the checkout').filter({ hasText: 'No space left on device' }).waitFor();
    assert.equal(await page.tab(TITLE).count(), 1);
  });

  it('runs what it offers, and leads to the session that goes on', async () => {
    const { dialog, notifications } = workbench;
    await page.button('Recover').click();
    await dialog.press('Recover');
    await page.status.filter({ hasText: 'Recovered' }).waitFor();
    // It comes after the state does, and would lie over the page.
    await notifications.toast('is recovered').first().waitFor();
    await notifications.dismissAll();
    await page.follow(TITLE, 'Working');
    await page.main.filter({ hasText: 'tracked by this window' }).waitFor();
    assert.equal(await page.tab(TITLE).count(), 2);
    await page.follow(TITLE, 'Recovered');
    assert.equal(await page.tab(TITLE).count(), 2, 'each session has one page');
    await pictures.take('recovered');
  });

  it('can be read in a narrow window and in high contrast', async () => {
    await launched.page.setViewportSize({ width: 640, height: 1000 });
    await workbench.setSideBarWidth(200);
    await page.status.waitFor();
    assert.equal(await page.overflow(), 0, 'nothing is cut off at the side');
    await pictures.take('narrow');
    await launched.page.setViewportSize({ width: 1100, height: 1000 });
    for (const [colorScheme, theme] of [
      ['dark', 'hc-black'],
      ['light', 'hc-light'],
    ] as const) {
      await launched.page.emulateMedia({ colorScheme, forcedColors: 'active' });
      await launched.page.locator(`.monaco-workbench.${theme}`).waitFor();
      await page.status.waitFor();
      await launched.screenshot(`session-page-${theme}`);
    }
  });
});
