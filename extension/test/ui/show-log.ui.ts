import assert from 'node:assert/strict';
import { type LaunchedWorkbench, launchWorkbench } from '../workbench/launch.ts';
import { Workbench } from '../workbench/pages/workbench.ts';

describe('the command palette', () => {
  let launched: LaunchedWorkbench;
  let workbench: Workbench;

  before(async () => {
    launched = await launchWorkbench({ theme: 'light' });
    workbench = new Workbench(launched.page);
  });
  after(() => launched?.[Symbol.asyncDispose]());

  it('lists Show Log, which opens the log', async () => {
    const title = 'Claude Projects: Show Log';
    await workbench.palette.search(title);
    const command = workbench.quickInput.row(title);
    await command.waitFor();
    assert.equal(await command.count(), 1);
    await launched.screenshot('palette-show-log');
    await workbench.palette.run(title, workbench.output);
    await workbench.untilOutputOf('Claude Projects');
    await launched.screenshot('show-log');
  });

  it('lists it again after the window was reloaded', async () => {
    await launched.reload();
    await workbench.palette.untilListed('Claude Projects: Show Log');
  });

  it('lists it again after the extension host crashed', async () => {
    await launched.restartHost();
    await workbench.palette.untilListed('Claude Projects: Show Log');
  });
});
