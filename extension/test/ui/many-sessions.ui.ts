import assert from 'node:assert/strict';
import { LiveApi } from '../workbench/api/live-api.ts';
import { type LaunchedWorkbench, launchWorkbench } from '../workbench/launch.ts';
import { Workbench } from '../workbench/pages/workbench.ts';
import { Pictures } from './support/pictures.ts';
import { seedMany } from './support/team.ts';

const COUNT = 160;

describe('a view with many sessions', () => {
  const owned = new AsyncDisposableStack();
  let launched: LaunchedWorkbench;
  let workbench: Workbench;

  before(async () => {
    const api = owned.use(await LiveApi.start());
    await seedMany(api, COUNT);
    launched = owned.use(
      await launchWorkbench({
        env: { CLAUDE_PROJECTS_API_KEY: api.key },
        settings: {
          'claudeProjects.server.mode': 'remote',
          'claudeProjects.apiBaseUrl': api.url,
          // What changes in the meantime does so without a look at the API.
          'claudeProjects.refreshIntervalSeconds': 3600,
        },
      }),
    );
    workbench = new Workbench(launched.page);
    await workbench.activityBar.open('Claude Projects');
  });
  after(() => owned.disposeAsync());

  it('lets them grow older by itself', async () => {
    const { sessions } = workbench;
    await sessions.row('Recent, sessions: 100').waitFor();
    // One has ended every two seconds: a turn later, the last of the young ones is a minute old.
    const names = await sessions.names();
    const young = names.filter((name) => name.endsWith('Ended just now.'));
    const oldest = young.at(-1)?.replace('just now', '1 min ago');
    assert.ok(oldest, names.join('\n'));
    await sessions.row(oldest).waitFor({ timeout: 45_000 });
  });

  it('loads them in pages', async () => {
    const { sessions } = workbench;
    const more = sessions.row('Load more, older sessions.');
    await sessions.scrollTo(more, 'End');
    await new Pictures(launched, 'many').take('load-more');
    await more.click();
    await sessions.scrollTo(sessions.row(`Recent, sessions: ${COUNT}`), 'Home');
    await sessions.scrollTo(sessions.row(/^Session of acme\/job-000 /), 'End');
    assert.equal(await more.count(), 0, 'all are there');
  });
});
