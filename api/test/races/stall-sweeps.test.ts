import assert from 'node:assert/strict';
import type { DetectFailuresReport } from '@claude-projects/shared/contract';
import { MINUTE } from '../support/fake-clock.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';
import { inRounds, race, times } from './support/rounds.ts';

const SILENT = 10;

describe('races of two stall scans', function () {
  this.timeout(120_000);
  let api: TestApi;
  let scenario: Scenario;
  before(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  after(() => api.close());

  it('flips each silent session once, reports it once and logs it once', async () => {
    const flipped: string[] = [];
    await inRounds(async (round) => {
      const silent = await Promise.all(times(SILENT, () => scenario.session()));
      api.clock.advance(4 * MINUTE);

      const detect = () => api.call<DetectFailuresReport>('POST', '/api/sessions/detect-failures');
      const reports = await race(round, [detect, detect]);

      for (const { status, body } of reports) {
        assert.equal(status, 200);
        assert.equal(body.marked_stalled, body.session_ids.length);
      }
      const reported = reports.flatMap(({ body }) => body.session_ids);
      assert.deepEqual(reported.toSorted(), silent.map(({ session_id }) => session_id).toSorted());
      for (const { session_id } of silent) {
        assert.equal((await api.storage.sessions.get(session_id))?.status, 'stalled');
      }
      flipped.push(...reported);
    });
    const logged = api.log.withMessage('Stalled session detected').map(({ context }) => String(context['session_id']));
    assert.deepEqual(logged.toSorted(), flipped.toSorted());
  });
});
