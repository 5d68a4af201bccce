import assert from 'node:assert/strict';
import { LiveApi } from '../workbench/api/live-api.ts';
import { type LaunchedWorkbench, launchWorkbench } from '../workbench/launch.ts';
import { Workbench } from '../workbench/pages/workbench.ts';
import { Pictures } from './support/pictures.ts';
import { seedMany } from './support/team.ts';

const COUNT = 160;
const AGE = /Ended .*$/;

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
    const ended = (await sessions.names()).filter((name) => AGE.test(name));
    const ageOf = (name: string | undefined) => AGE.exec(name ?? '')?.[0];
    // The last that has its age is the next to have that of its neighbour.
    const index = ended.findIndex((name, at) => ageOf(name) !== ageOf(ended[at + 1]));
    const [before, neighbour] = ended.slice(index);
    assert.ok(before !== undefined && neighbour !== undefined, ended.join('\n'));
    await sessions.row(before.replace(AGE, ageOf(neighbour) ?? '')).waitFor({ timeout: 45_000 });
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
