import assert from 'node:assert/strict';
import manifest from '../../package.json' with { type: 'json' };
import sentences from '../../package.nls.json' with { type: 'json' };
import { type LaunchedWorkbench, launchWorkbench } from '../workbench/launch.ts';
import { Workbench } from '../workbench/pages/workbench.ts';
import { Pictures } from './support/pictures.ts';
import { stepByStep } from './support/step-by-step.ts';

const SEE = sentences['walkthrough.see.title'];

describe('the walkthrough', function () {
  stepByStep(this);
  let launched: LaunchedWorkbench;
  let workbench: Workbench;

  before(async () => {
    launched = await launchWorkbench({
      settings: { 'claudeProjects.server.mode': 'remote' },
      // Only a wide one has room for pictures.
      viewport: { width: 1600, height: 900 },
    });
    workbench = new Workbench(launched.page);
  });
  after(() => launched?.[Symbol.asyncDispose]());

  it('is found among the others', async () => {
    const { palette, quickInput, walkthrough } = workbench;
    await palette.run('Welcome: Open Walkthrough...', quickInput.row(sentences['walkthrough.title']));
    await quickInput.choose(sentences['walkthrough.title']);
    await walkthrough.step(SEE).waitFor();
    assert.equal(await walkthrough.steps.count(), 4);
  });

  it('shows with each step a picture of it and what to press', async () => {
    const { walkthrough } = workbench;
    const pictures = new Pictures(launched, 'walkthrough');
    const shown: Record<string, readonly string[]> = {};
    for (const id of ['see', 'demo', 'track', 'recover'] as const) {
      const title = sentences[`walkthrough.${id}.title`];
      await walkthrough.choose(title);
      await walkthrough.picture.and(launched.page.getByAltText(sentences[`walkthrough.${id}.picture`])).waitFor();
      assert.ok(await walkthrough.picture.evaluate(isLoaded), title);
      shown[id] = await walkthrough.buttons(title);
      await pictures.take(id);
    }
    assert.deepEqual(shown, {
      see: ['Open the Sessions View'],
      demo: ['Run Demo Orchestration'],
      track: ['Connect Claude Code', 'Start Session'],
      recover: ['Recover Session', 'Set API Key'],
    });
  });

  it('ticks off a step that was done', async () => {
    const { walkthrough, activityBar } = workbench;
    await walkthrough.choose(SEE);
    await walkthrough.press(SEE, 'Open the Sessions View');
    await activityBar.shown(manifest.displayName).waitFor();
    await walkthrough.untilDone(SEE);
  });
});

/** In the page, whose types are not those of the tests. */
async function isLoaded(image: { decode?: () => Promise<void>; naturalWidth?: number }): Promise<boolean> {
  await image.decode?.();
  return (image.naturalWidth ?? 0) > 0;
}
