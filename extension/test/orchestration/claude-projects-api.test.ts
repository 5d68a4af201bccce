import assert from 'node:assert/strict';
import type { ClaudeProjectsApi } from '../../api.d.ts';
import { WindowLifecycle } from '../../src/lifecycle/window-lifecycle.ts';
import { createClaudeProjectsApi } from '../../src/orchestration/claude-projects-api.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeJournals } from '../support/fake-journals.ts';
import { fakePlaces } from '../support/fake-places.ts';
import { RecordingLog } from '../support/recording-log.ts';
import { ScriptedApi, scriptedConnection } from '../support/scripted-api.ts';

describe('the API for other extensions', () => {
  let lifecycle: WindowLifecycle;
  let api: ClaudeProjectsApi;

  beforeEach(() => {
    const clock = new FakeClock();
    const log = new RecordingLog();
    const { connection } = scriptedConnection({ api: new ScriptedApi(), clock, log });
    lifecycle = new WindowLifecycle({
      connection,
      clock,
      log,
      journals: new FakeJournals(),
      random: systemRandom,
      places: fakePlaces(),
      settings: { current: { dockerSlot: undefined, heartbeatIntervalSeconds: 60 } },
      sessions: { vitals: { stallThresholdMs: 180_000 } },
    });
    ({ api } = createClaudeProjectsApi(lifecycle, log));
  });
  afterEach(() => lifecycle.dispose());

  it('lists what runs under the same face each time', async () => {
    const started = await api.startOrchestration();
    assert.ok(started.ok);
    assert.deepEqual(api.orchestrations, [started.value]);
    assert.equal(api.orchestrations[0], started.value);
  });

  it('lists nothing that has ended, even while the API has yet to hear of it', async () => {
    const started = await api.startOrchestration();
    assert.ok(started.ok);
    await started.value.fail('It went in circles');
    assert.equal(started.value.health, 'ended');
    assert.equal(lifecycle.trackers.length, 1, 'its last words are on their way');
    assert.deepEqual(api.orchestrations, []);
  });
});
