import assert from 'node:assert/strict';
import { StateTrackingApiClient } from '@claude-projects/shared/client';
import { LiveApi } from '../workbench/api/live-api.ts';
import { type LaunchedWorkbench, launchWorkbench } from '../workbench/launch.ts';
import { Workbench } from '../workbench/pages/workbench.ts';
import { CommandToRow } from './support/command-to-row.ts';
import { stepByStep } from './support/step-by-step.ts';
import { seedMany } from './support/team.ts';
import { WindowHistory } from './support/window-history.ts';

/** The refresh interval is 15 seconds, and a minute where nothing runs. */
const LIMIT_MS = 1000;
const OWN = /Tracked by this window\./;
const task = (name: string, state: string) => new RegExp(`^Task ${name}: ${state}`);

function settingsFor(api: LiveApi) {
  return {
    env: { CLAUDE_PROJECTS_API_KEY: api.key },
    settings: { 'claudeProjects.server.mode': 'remote', 'claudeProjects.apiBaseUrl': api.url },
  };
}

describe('from a command to its row', function () {
  stepByStep(this);
  const owned = new AsyncDisposableStack();
  let api: LiveApi;
  let launched: LaunchedWorkbench;
  let workbench: Workbench;
  let timing: CommandToRow;

  before(async () => {
    api = owned.use(await LiveApi.start());
    launched = owned.use(await launchWorkbench(settingsFor(api)));
    workbench = new Workbench(launched.page);
    timing = new CommandToRow(launched.page);
    await workbench.activityBar.open('Claude Projects');
    await workbench.sessions.welcome.getByText('There are no sessions yet.').waitFor();
  });
  after(async () => {
    timing?.report('command-to-row');
    await owned.disposeAsync();
  });

  it('takes less than a second, from the palette and from rows', async () => {
    await aWorkingDay('online', 1);
    assert.deepEqual(timing.slowerThan(LIMIT_MS), []);
  });

  it('takes less than a second while the API is away', async () => {
    await api.kill();
    await aWorkingDay('offline', 2);
    assert.deepEqual(timing.slowerThan(LIMIT_MS), []);
  });

  it('changes no row back when the API has it all', async () => {
    const { sessions } = workbench;
    const history = new WindowHistory(launched.page);
    await sessions.expand(OWN);
    await sessions.row(task('Mend it', 'blocked')).waitFor();
    await history.begin();
    await api.start();
    // The window tracks the session until its end is delivered.
    await sessions.row(OWN).waitFor({ state: 'detached', timeout: 90_000 });
    const { sessions: delivered } = await new StateTrackingApiClient({
      baseUrl: api.url,
      apiKey: api.key,
    }).listSessions();
    assert.deepEqual(
      delivered.map(({ status }) => status),
      ['completed', 'completed'],
    );
    const seen = (await history.rows()).flat();
    assert.deepEqual(
      seen.filter((name) => /: (in progress|working)|^No tasks|could not be read/.test(name)),
      [],
    );
  });

  async function aWorkingDay(when: string, nth: number): Promise<void> {
    const { palette, quickInput, sessions } = workbench;
    const run = (title: string) => palette.run(`Claude Projects: ${title}`);
    const measure = (what: string, row: RegExp, command: () => Promise<void>, count = 1) =>
      timing.measure(`${when}: ${what}`, { row, count }, command);
    const answer = (title: string, text: string) => quickInput.answer(title, text);
    const choose = async (title: string, choice: string) => {
      await quickInput.untilAsking(title);
      await quickInput.choose(choice);
    };
    await measure('Start Session', OWN, () => run('Start Session'));
    await sessions.expand(OWN);
    await sessions.row('No tasks yet').waitFor();
    await measure('Start Task', task('Write it', 'in progress'), async () => {
      await run('Start Task');
      await answer('Start Task', 'Write it');
    });
    await measure('Block Task', task('Write it', 'blocked'), async () => {
      await run('Block Task');
      await choose('Block Task', 'Write it');
      await answer('Block Task', 'Waits for Ada');
    });
    await measure('Start Task from its row', task('Write it', 'in progress'), () =>
      sessions.press(task('Write it', 'blocked'), 'Start Task'),
    );
    await measure('Complete Task', task('Write it', 'completed'), async () => {
      await run('Complete Task');
      await choose('Complete Task', 'Write it');
    });
    await measure("Start Task from the session's row", task('Check it', 'in progress'), async () => {
      await sessions.chooseFromMenu(OWN, 'Start Task');
      await answer('Start Task', 'Check it');
    });
    await measure('Fail Task from its row', task('Check it', 'failed'), async () => {
      await sessions.chooseFromMenu(task('Check it', 'in progress'), 'Fail Task');
      await answer('Fail Task', 'It is wrong');
    });
    await measure('Start Task once more', task('Mend it', 'in progress'), async () => {
      await run('Start Task');
      await answer('Start Task', 'Mend it');
    });
    await measure('Block Task from its row', task('Mend it', 'blocked'), async () => {
      await sessions.chooseFromMenu(task('Mend it', 'in progress'), 'Block Task');
      await answer('Block Task', '');
    });
    await sessions.collapse(OWN);
    const complete = async () => {
      await run('Complete Session');
      await workbench.dialog.press('Leave Tasks Unfinished');
    };
    await measure('Complete Session', /on .*: completed\./, complete, nth);
  }
});

describe('from a command on the session of another to its row, where there are many', function () {
  stepByStep(this);
  const owned = new AsyncDisposableStack();
  let workbench: Workbench;
  let timing: CommandToRow;

  before(async () => {
    const api = owned.use(await LiveApi.start());
    await seedMany(api, 120);
    const client = new StateTrackingApiClient({ baseUrl: api.url, apiKey: api.key });
    for (const project_id of ['acme/dies', 'acme/ends', 'acme/goes', 'acme/follows']) {
      const { session_id } = await client.createSession({ project_id, machine_id: 'build-server' });
      if (project_id !== 'acme/dies') await client.updateSession(session_id, { status: 'completed' });
    }
    const launched = owned.use(await launchWorkbench(settingsFor(api)));
    workbench = new Workbench(launched.page);
    timing = new CommandToRow(launched.page);
    await workbench.activityBar.open('Claude Projects');
    await workbench.sessions.row(/acme\/ends/).waitFor();
  });
  after(async () => {
    timing?.report('command-to-row-of-others');
    await owned.disposeAsync();
  });

  it('takes less than a second', async () => {
    const { sessions, dialog, quickInput } = workbench;
    await timing.measure('Mark Session Failed', { row: /acme\/dies.*: failed/ }, async () => {
      await sessions.chooseFromMenu(/acme\/dies/, 'Mark Session Failed');
      await quickInput.answer('Mark Session Failed', 'Nobody is there');
    });
    await timing.measure('Recover Session', { row: /acme\/dies.*: recovered/ }, async () => {
      await sessions.chooseFromMenu(/acme\/dies/, 'Recover Session');
      await dialog.press('Recover');
    });
    await sessions.row(OWN).waitFor();
    await timing.measure('Archive Session', { row: /acme\/ends/, count: 0 }, () =>
      sessions.chooseFromMenu(/acme\/ends/, 'Archive Session'),
    );
    for (const [what, row] of [
      ['Delete Session', /acme\/goes/],
      ['Delete Session, right after', /acme\/follows/],
    ] as const) {
      await timing.measure(what, { row, count: 0 }, async () => {
        await sessions.chooseFromMenu(row, 'Delete Session');
        await dialog.press('Delete');
      });
    }
    assert.deepEqual(timing.slowerThan(LIMIT_MS), []);
  });
});
