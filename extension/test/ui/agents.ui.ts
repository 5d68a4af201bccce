import assert from 'node:assert/strict';
import { LiveApi } from '../workbench/api/live-api.ts';
import { type LaunchedWorkbench, launchWorkbench } from '../workbench/launch.ts';
import { Workbench } from '../workbench/pages/workbench.ts';
import { AGENTS, seedAgents } from './support/agents.ts';
import { Pictures } from './support/pictures.ts';
import { stepByStep } from './support/step-by-step.ts';
import { MACHINE } from './support/team.ts';

/** Several agents work on one project, as is usual. */
describe('three agents of one project', function () {
  stepByStep(this);
  const owned = new AsyncDisposableStack();
  let launched: LaunchedWorkbench;
  let workbench: Workbench;
  let pictures: Pictures;

  before(async () => {
    const api = owned.use(await LiveApi.start());
    await seedAgents(api);
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
    pictures = new Pictures(launched, 'agents');
    await workbench.activityBar.open('Claude Projects');
    await workbench.setSideBarWidth(300);
  });
  after(() => owned.disposeAsync());

  it('can be told apart at 300 pixels, by those who see and by those who hear', async () => {
    const { sessions } = workbench;
    await sessions.row('Needs Attention, sessions: 2').waitFor();
    const rows = (await sessions.seen()).filter(({ level }) => level === 2);
    assert.deepEqual(
      rows.map(({ label }) => label),
      ['Add a coupon field to the…', 'Refund single items of an…', 'Rank the search results by…'],
    );
    assert.deepEqual(
      rows.map(({ description }) => description.replace(/\d+ (?=min)/, '… ')),
      [
        'asks: May I run npm test? · … min · feature/coupons',
        'stalled · … min ago · feature/refunds',
        'working · … min · feature/search',
      ],
    );
    for (const label of Object.values(AGENTS)) await sessions.row(label).waitFor();
    await pictures.take('rows');
    await pictures.take('words', sessions.row(AGENTS.waiting));
  });

  it('say in the status bar how many need this person', async () => {
    await workbench.statusBar.item('2 need you').waitFor();
    await workbench.statusBar.saying(/Needs you: acme\/shop \(Add a coupon field/).waitFor();
  });

  it('open when they are clicked; the twistie shows their tasks', async () => {
    const { sessions } = workbench;
    await sessions.row(AGENTS.stalled).click();
    await launched.page.locator('.tabs-container .tab').waitFor();
    assert.equal(await sessions.row(AGENTS.stalled).getAttribute('aria-expanded'), 'false');
    await sessions.expand(AGENTS.stalled);
    await sessions.row('Task Pay back one item: in progress').waitFor();
  });

  it('are dismissed several at once, and come back', async () => {
    const { sessions, notifications } = workbench;
    await sessions.row(AGENTS.waiting).click({ modifiers: ['ControlOrMeta'] });
    await sessions.chooseFromMenu(AGENTS.waiting, 'Dismiss Session');
    await notifications.toast('2 sessions dismissed.').waitFor();
    await sessions.row('Recent, sessions: 2').waitFor();
    assert.equal(await workbench.statusBar.item('need you').count(), 0);
    await pictures.take('dismissed');
    await notifications.press('2 sessions dismissed.', 'Undo');
    await sessions.row('Needs Attention, sessions: 2').waitFor();
  });
});
