import assert from 'node:assert/strict';
import { STORIES } from './situations.ts';
import { VERSIONS } from './support/claude-code.ts';
import { Measurements } from './support/measurements.ts';
import type { Scene, Situation, Story } from './support/situation.ts';
import { Stage, TITLE } from './support/stage.ts';

/** Longer than any limit, so that a bad time is measured instead of timing out. */
const PATIENCE_MS = 5000;

const measurements = new Measurements(STORIES);

for (const version of VERSIONS) {
  describe(`what is shown of Claude Code ${version}`, () => {
    let stage: Stage;

    before(async function () {
      this.timeout(120_000);
      stage = await Stage.open(version);
    });
    after(async () => {
      await stage[Symbol.asyncDispose]();
    });

    for (const story of STORIES) {
      if (story.only === undefined || story.only === version) describe(story.about, () => tell(story, () => stage));
    }
  });
}

describe('the table of what is shown', () => {
  after(() => measurements.report());

  it('is the one in the documents', () => {
    measurements.keepOrCompare();
  });
});

function tell(story: Story, stageOf: () => Stage): void {
  let scene: Scene;
  let actedAt = 0;

  before(async () => {
    const stage = stageOf();
    const { about, script, answers, others = {}, args = [], env = {}, isElsewhere, before: prepare } = story;
    for (const [name, given] of Object.entries({ ...others, [script]: answers })) stage.model.script(name, given);
    const needed = Number((await stage.workbench.activityBar.badge(TITLE).allInnerTexts()).at(0) ?? 0);
    await prepare?.(stage);
    const folder = isElsewhere ? stage.elsewhere : stage.shop;
    const session = stage.start({ prompt: `${about} @${script}`, args, env, folder });
    const place = `^${about} @${script}\\. Session of acme/[^:]+: `;
    scene = { stage, session, needed, row: (state) => ({ on: 'row', says: new RegExp(place + state.source) }) };
  });

  for (const situation of story.situations) {
    it(`${situation.situation}: ${situation.state}`, async () => {
      if (situation.act) {
        await situation.act(scene);
        actedAt = Date.now();
      }
      await meet(situation, scene, actedAt);
    });
  }

  after(async () => {
    await scene.session[Symbol.asyncDispose]();
    await story.after?.(scene.stage);
  });
}

async function meet(situation: Situation, scene: Scene, actedAt: number): Promise<void> {
  const { sights, version } = scene.stage;
  const sees = situation.sees(scene);
  if (situation.stays) {
    assert.ok(await sights.areSeen(sees), 'It is shown no more.');
    measurements.add(situation, version, 0);
    return;
  }
  const seenAt = await sights.firstSeen(sees, situation.withinMs + PATIENCE_MS);
  assert.ok(
    seenAt !== undefined,
    `${describeSights(sees)}\nwas not seen. The rows:\n${(await scene.stage.rows()).join('\n')}`,
  );
  const tookMs = Math.max(0, seenAt - actedAt);
  measurements.add(situation, version, tookMs);
  assert.ok(tookMs <= situation.withinMs, `It took ${tookMs} ms.`);
}

function describeSights(sights: ReturnType<Situation['sees']>): string {
  return sights.map(({ on, says, count }) => `${count ?? 'any'} ${on} ${String(says)}`).join('\n');
}
