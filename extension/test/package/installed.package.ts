import manifest from '../../package.json' with { type: 'json' };
import { findBrowser } from '../workbench/install/chromium.ts';
import { type LaunchedWorkbench, launchWorkbench } from '../workbench/launch.ts';
import { Workbench } from '../workbench/pages/workbench.ts';
import { vsix } from './support/vsix.ts';

const TITLE = manifest.displayName;
const demoSession = (state: string): RegExp => new RegExp(`\\bSession of demo/shop-\\w+ on ada-laptop: ${state}\\.`);

/** Nothing but the file: no sources beside it, no API, no key. */
describe('the package, installed into a fresh VS Code', () => {
  let launched: LaunchedWorkbench;
  let workbench: Workbench;

  before(async function () {
    const browser = findBrowser();
    if (!browser.found) {
      process.stdout.write(`skipped: ${browser.reason}\n`);
      this.skip();
    }
    launched = await launchWorkbench({
      vsix,
      settings: { 'claudeProjects.machineId': 'ada-laptop' },
    });
    workbench = new Workbench(launched.page);
  });
  after(() => launched?.[Symbol.asyncDispose]());

  it('opens its view', async () => {
    await workbench.activityBar.open(TITLE);
    await workbench.sessions.welcome.getByText('There are no sessions yet').waitFor();
  });

  it('plays the demo to its end on the server that is in it', async () => {
    const { sessions, notifications, palette } = workbench;
    await sessions.welcome.getByRole('button', { name: 'Run Demo Orchestration' }).click();
    await sessions.row(demoSession('working')).waitFor();
    await sessions.expand(demoSession('working'));
    await sessions.row(/payment provider.*failed/i).waitFor();
    await launched.screenshot('package-demo');
    await sessions.row(demoSession('completed')).waitFor();
    await sessions.row(demoSession('recovered')).waitFor();
    await notifications.toast('Demo orchestration').waitFor({ state: 'detached' });
    await palette.run('Notifications: Clear All Notifications');
    await notifications.toasts.first().waitFor({ state: 'detached' });
  });

  it('tracks a session', async () => {
    const { palette, sessions, statusBar } = workbench;
    await palette.run(`${TITLE}: Start Session`);
    const own = sessions.row(/^Session of workspace on ada-laptop: working\. Tracked by this window\./);
    await own.waitFor();
    await statusBar.own.filter({ hasText: 'workspace' }).waitFor();
    await sessions.expand(demoSession('completed'));
    await sessions.row(/payment provider.*completed/i).waitFor();
    await launched.screenshot('package-tracked');
  });

  it('is listed with its version and its README', async () => {
    const { page } = launched;
    await page.setViewportSize({ width: 1600, height: 1000 });
    await workbench.palette.run('Extensions: Show Installed Extensions');
    await page.locator('.extensions-list .monaco-list-row').and(page.getByLabel(TITLE)).first().click();
    await page.locator('.extension-editor').getByText(manifest.version, { exact: true }).first().waitFor();
    const readme = page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
    await readme.getByRole('heading', { name: 'Privacy' }).waitFor();
  });
});
