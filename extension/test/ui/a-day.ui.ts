import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { LiveApi } from '../workbench/api/live-api.ts';
import { type LaunchedWorkbench, launchWorkbench } from '../workbench/launch.ts';
import { Workbench } from '../workbench/pages/workbench.ts';
import { Pictures } from './support/pictures.ts';
import { stepByStep } from './support/step-by-step.ts';
import { LivingTeam, MACHINE, seedThePast } from './support/team.ts';
import { WindowHistory } from './support/window-history.ts';

const TITLE = 'Claude Projects';
/** Beside the row of what died it names the one that goes on with it. */
const session = (project: string, state: string): RegExp =>
  new RegExp(`\\bSession of ${project} on [^:]+: ${state}\\.`);
const DEMO = String.raw`demo/shop-\w+`;

/** Wide enough for whole rows; some pictures are those of README.md. */
const WINDOW = { width: 820, height: 600 };
const WIDE = 520;
const NARROW = 300;

const firstOfEach = (turns: readonly string[]): readonly string[] => [...new Set(turns)];
/** Without what changes by the mere passing of time. */
const ageless = (row: string): string => row.replace(/ (Running for|Last heartbeat|Ended) [^.]*\./, '');

/** One window, one person, from the first look to the evening. */
describe('a day', function () {
  stepByStep(this);
  const owned = new AsyncDisposableStack();
  let api: LiveApi;
  let team: LivingTeam;
  let launched: LaunchedWorkbench;
  let workbench: Workbench;
  let history: WindowHistory;
  let pictures: Pictures;

  before(async () => {
    api = owned.use(await LiveApi.start());
    team = new LivingTeam(api);
    launched = owned.use(
      await launchWorkbench({
        settings: {
          'claudeProjects.server.mode': 'remote',
          'claudeProjects.apiBaseUrl': api.url,
          'claudeProjects.machineId': MACHINE,
          'claudeProjects.refreshIntervalSeconds': 5,
        },
        viewport: WINDOW,
      }),
    );
    workbench = new Workbench(launched.page);
    history = new WindowHistory(launched.page);
    pictures = new Pictures(launched, 'day');
  });
  after(() => owned.disposeAsync());

  it('begins with a view that asks for the key', async () => {
    const { activityBar, sessions, notifications, statusBar } = workbench;
    await activityBar.open(TITLE);
    await workbench.setSideBarWidth(WIDE);
    await sessions.welcome.getByText('the remote API, which needs a key.').waitFor();
    await notifications.toast('There is no API key').waitFor();
    await statusBar.saying('There is no API key.').waitFor();
    await pictures.take('key-missing');
  });

  it('says what is wrong with a mistyped key, and takes the right one', async () => {
    const { quickInput, sessions, notifications } = workbench;
    await notifications.press('There is no API key', 'Set API Key');
    await quickInput.type('secret');
    await quickInput.message.filter({ hasText: 'An API key is a UUID' }).waitFor();
    await pictures.take('key-mistyped');
    await quickInput.accept(api.key);
    await notifications.toast('accepts the API key. Sessions there: 0.').waitFor();
    await sessions.welcome.getByText('There are no sessions yet.').waitFor();
    assert.deepEqual(await sessions.titleActions(), [
      'Filter Sessions…',
      'Group Sessions By…',
      'Refresh Sessions',
      'Collapse All',
      'Views and More Actions...',
    ]);
    await pictures.take('no-sessions');
    await notifications.dismissAll();
  });

  it('shows a whole orchestration: it works, asks, dies and comes back', async () => {
    const { sessions, notifications } = workbench;
    await history.begin();
    await sessions.welcome.getByRole('button', { name: 'Run Demo Orchestration' }).click();
    // Open by itself: nobody knows yet that there is something to open.
    await sessions.row(/^Task Connect the payment provider: failed\./).waitFor();
    await pictures.take('demo');
    await sessions.row(session(DEMO, 'completed')).waitFor();
    await sessions.row(session(DEMO, 'recovered')).waitFor();
    assert.equal(await sessions.row(session(DEMO, 'completed')).getAttribute('aria-expanded'), 'true');
    await notifications.toast('Demo orchestration').waitFor({ state: 'detached' });
    await notifications.button('The demo is over', 'Connect Claude Code').waitFor();
    const states = await history.turns(/\bSession of demo\/shop-\w+ on ada-laptop: ([\w ]+)\./);
    assert.deepEqual(firstOfEach(states), ['working', 'waits for input', 'stalled', 'recovered', 'completed']);
    const tasks = await history.turns(/^Task Connect the payment provider: ([\w ]+)\./);
    assert.deepEqual(
      firstOfEach(tasks).filter((state) => state !== 'pending'),
      ['in progress', 'failed', 'completed'],
    );
    // On a slow machine its question may stand long enough to be told of.
    const told = (await history.toasts()).filter(
      (toast) => !/^Demo orchestration|^The demo is over|asked for your input/.test(toast),
    );
    assert.deepEqual(told, [], 'nobody is warned of what is part of the play');
    await pictures.take('demo-is-over');
    await notifications.dismissAll();
  });

  it('shows what a team needs first, and counts it', async () => {
    const { sessions, activityBar } = workbench;
    await seedThePast(api);
    await team.begin();
    await sessions.pressInTitle('Refresh Sessions');
    await sessions.row(session('acme/shop', 'stalled')).waitFor();
    assert.deepEqual(
      (await sessions.outline()).map((line) => line.replace(/demo\/shop-\w+/, 'demo/shop')),
      [
        'Needs Attention, sessions: 4, 1 needs you',
        'acme/docs on build-server, slot 4: waits for input.',
        'acme/mobile on ada-laptop: stalled.',
        'acme/shop on grace-laptop: stalled.',
        'acme/billing on build-server, slot 2: failed.',
        'Running, sessions: 2 working, 1 paused',
        'acme/infra on grace-laptop, slot 2: paused.',
        'acme/search on grace-laptop, slot 1: working.',
        'acme/orders on build-server, slot 3: working.',
        'Recent, sessions: 3',
        'demo/shop on ada-laptop: completed.',
        'demo/shop on ada-laptop: recovered.',
        'acme/website on build-server, slot 1: completed.',
      ],
    );
    await activityBar.badge(TITLE).filter({ hasText: '1' }).waitFor();
    await activityBar.named(`${TITLE} - 1 session needs you`).waitFor();
    await sessions.expand(session('acme/shop', 'stalled'));
    await sessions.row('Task Write the checkout: in progress.').waitFor();
    await pictures.take('team');
    await pictures.take('team-in-words', sessions.row(session('acme/billing', 'failed')));
    await workbench.setSideBarWidth(NARROW);
    await pictures.take('team-in-a-narrow-bar');
    await workbench.setSideBarWidth(WIDE);
  });

  it('asks once about the one that died on this machine', async () => {
    const { notifications } = workbench;
    const question = `The session of acme/mobile (Cache the catalogue) on ${MACHINE} fell silent. Recover it here?`;
    await notifications.toast(question).waitFor();
    assert.equal(await notifications.toast(question).count(), 1);
    await pictures.take('question');
    await notifications.press(question, 'Not Now');
  });

  it('recovers one from its row, after saying what will happen', async () => {
    const { sessions, dialog, notifications, statusBar } = workbench;
    const dead = session('acme/shop', 'stalled');
    assert.deepEqual(await sessions.actions(dead), ['Recover Session']);
    await sessions.press(dead, 'Recover Session');
    await dialog.message
      .filter({ hasText: 'Recover the session of acme/shop (Write the checkout) in this window?' })
      .waitFor();
    assert.deepEqual((await dialog.detail.innerText()).split('\n'), [
      'Finished last: Design the database schema',
      'To do again: Connect the payment provider, Write the checkout',
      'Still to do: Write the tests',
      'A new session in this window takes over the tasks. No task starts by itself: you start each one.',
    ]);
    await pictures.take('recovery-plan');
    await dialog.press('Recover');
    await sessions.row(/\bSession of acme\/shop on ada-laptop: working\. Tracked by this window\./).waitFor();
    await sessions.row(session('acme/shop', 'recovered')).waitFor();
    await notifications
      .toast('The session of acme/shop (Write the checkout) is recovered. No task starts by itself.')
      .waitFor();
    await statusBar.saying(/acme\/shop: working.*Connected to http/s).waitFor();
    await pictures.take('recovered');
    // Its tasks stay open where it has moved to.
    await sessions.collapse(session('acme/shop', 'recovered'));
  });

  it('goes on with a task that was left', async () => {
    const { sessions, notifications, statusBar } = workbench;
    await notifications.press(
      /^The session of acme\/shop \(.+\) is recovered\./,
      'Start “Connect the payment provider”',
    );
    await statusBar.saying(/acme\/shop: working, works on Connect the payment provider/).waitFor();
    const own = /^Connect the payment provider\. Session of acme\/shop on ada-laptop: working\. /;
    await sessions.expand(own);
    await sessions.row('Task Connect the payment provider: in progress').waitFor();
    await pictures.take('tracked');
    await sessions.collapse(own);
    await notifications.dismissAll();
  });

  it('recovers another one from the palette', async () => {
    const { palette, quickInput, sessions, dialog, notifications, statusBar } = workbench;
    await palette.run(`${TITLE}: Recover Session`);
    await quickInput.row('acme/billing').waitFor();
    await quickInput.row('Cache the catalogue').waitFor();
    assert.equal(await quickInput.rows.count(), 2);
    await pictures.take('which-session');
    await quickInput.choose('acme/billing');
    await dialog.press('Recover');
    await sessions.row(/\bSession of acme\/billing on ada-laptop: working\. Tracked by this window\./).waitFor();
    await statusBar.own.filter({ hasText: '1 needs you' }).waitFor();
    await statusBar.saying(/acme\/billing: working/).waitFor();
    await notifications.dismissAll();
  });

  it('keeps what is selected and what is open when it is brought up to date', async () => {
    const { sessions } = workbench;
    const orders = session('acme/orders', 'working');
    await sessions.expand(orders);
    await sessions.row('Task Migrate the orders: in progress.').click();
    await history.begin();
    await team.beat();
    await sessions.pressInTitle('Refresh Sessions');
    await team.begins('acme/crawler');
    await sessions.pressInTitle('Refresh Sessions');
    await sessions.row(session('acme/crawler', 'working')).waitFor();
    await sessions.selected('Task Migrate the orders: in progress.').waitFor();
    assert.equal(await sessions.row(orders).getAttribute('aria-expanded'), 'true');
    const [before = [], ...after] = (await history.rows()).map((rows) =>
      rows.filter((row) => /\bSession of |^Task /.test(row)).map(ageless),
    );
    assert.ok(before.length > 10, before.join('\n'));
    for (const rows of after)
      assert.deepEqual(
        rows.filter((row) => before.includes(row)),
        before,
        'it flickers',
      );
    await sessions.collapse(orders);
  });

  it('finds sessions by words and by state', async () => {
    const { sessions, quickInput } = workbench;
    await sessions.pressInTitle('Filter Sessions');
    await quickInput.accept('grace-laptop is:running');
    await sessions.message.filter({ hasText: /^2 of \d+ sessions match/ }).waitFor();
    await pictures.take('filtered');
    assert.deepEqual((await sessions.titleActions()).slice(0, 2), ['Change Filter…', 'Clear Filter']);
    await sessions.pressInTitle('Change Filter');
    await quickInput.accept('nowhere');
    await sessions.message.filter({ hasText: 'No session matches “nowhere”.' }).waitFor();
    await pictures.take('nothing-found');
    await sessions.pressInTitle('Clear Filter');
    await sessions.row(session('acme/orders', 'working')).waitFor();
    await sessions.message.waitFor({ state: 'detached' });
    assert.equal((await sessions.titleActions())[0], 'Filter Sessions…');
  });

  it('groups by project and by machine', async () => {
    const { sessions, quickInput } = workbench;
    await sessions.pressInTitle('Group Sessions By');
    await quickInput.choose('Project');
    await sessions.row('acme/mobile, sessions: 1, 1 needs attention').waitFor();
    await pictures.take('by-project');
    await sessions.pressInTitle('Group Sessions By');
    await quickInput.choose('Machine');
    await sessions.row('build-server, sessions').waitFor();
    await pictures.take('by-machine');
    await sessions.pressInTitle('Group Sessions By');
    await quickInput.choose('What needs attention first');
    await sessions.row('Needs Attention').waitFor();
  });

  it('says once that a key is refused, and keeps what it shows', async () => {
    const { palette, quickInput, sessions, notifications, statusBar } = workbench;
    await palette.run(`${TITLE}: Set API Key`);
    await quickInput.accept(randomUUID());
    await sessions.row('The API refused the key. The sessions are shown as they were').waitFor();
    await notifications.toast('refused the API key').waitFor();
    await statusBar.saying('The API refused the key.').waitFor();
    await sessions.row(session('acme/orders', '(working|late)')).waitFor();
    await pictures.take('key-refused');
    await sessions.pressInTitle('Refresh Sessions');
    await sessions.row(session('acme/orders', '(working|late)')).waitFor();
    assert.equal(await notifications.toasts.count(), 1);
  });

  it('is up to date again with the right key', async () => {
    const { quickInput, sessions, notifications } = workbench;
    await team.beat();
    await notifications.press('refused the API key', 'Set API Key');
    await quickInput.accept(api.key);
    await notifications.toast('accepts the API key').waitFor();
    await sessions.row('The API refused the key.').waitFor({ state: 'detached' });
    await sessions.row(session('acme/orders', 'working')).waitFor();
    await notifications.dismissAll();
  });

  it('shows what it knew, and how old that is, while the API is away', async () => {
    const { sessions, notifications, statusBar } = workbench;
    await api.stop();
    await sessions.pressInTitle('Refresh Sessions');
    await sessions.row(/^Offline\. The sessions are shown as they were (just now|\d+ min ago)\.$/).waitFor();
    await sessions.row(session('acme/orders', '(working|late)')).waitFor();
    await statusBar.saying('The API cannot be reached.').waitFor();
    await pictures.take('offline');
    assert.equal(await notifications.toasts.count(), 0, 'it mends itself: nobody is disturbed');
  });

  it('is up to date by itself as soon as the API is back', async () => {
    const { sessions, statusBar } = workbench;
    await api.start();
    await team.beat();
    await sessions.row('Offline.').waitFor({ state: 'detached' });
    await sessions.row(session('acme/orders', 'working')).waitFor();
    await statusBar.saying(/acme\/shop: working/).waitFor();
    await pictures.take('online-again');
  });
});
