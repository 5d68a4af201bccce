import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { type ClientModule, clientBench } from '../../support/client-suite.ts';
import { RecordingLogger } from '../../support/recording-logger.ts';
import { SESSION_ID, session } from '../../support/records.ts';
import { rejection } from '../../support/rejection.ts';
import { hang, json, refusal, trickle } from '../../support/steps.ts';

export function describeAborts(load: () => ClientModule): void {
  describe('aborts', () => {
    const bench = clientBench(load);
    const listeners = (...controllers: AbortController[]) =>
      controllers.map(({ signal }) => getEventListeners(signal, 'abort').length);

    for (const [state, step] of Object.entries({ 'before the reply': hang, 'in mid-body': trickle })) {
      it(`ends a call in flight, ${state}`, async () => {
        const [own, shared] = [new AbortController(), new AbortController()];
        bench.server.script(step);
        const call = bench.client({ signal: shared.signal }).getSession(SESSION_ID, { signal: own.signal });
        await bench.server.arrived(0);
        own.abort();
        const error = await rejection(call, bench.module.AbortedError);
        assert.equal(error.code, 'ABORTED');
        assert.deepEqual(listeners(own, shared), [0, 0]);
      });
    }

    it('ends every call of a client', async () => {
      const controller = new AbortController();
      const client = bench.client({ signal: controller.signal });
      bench.server.script(hang, hang);
      const calls = [client.getHealth(), client.getLiveness()];
      await bench.server.arrived(1);
      controller.abort();
      for (const call of calls) await rejection(call, bench.module.AbortedError);
      await rejection(client.getHealth(), bench.module.AbortedError);
      assert.deepEqual(listeners(controller), [0]);
    });

    it('ends the wait between two tries at once', async () => {
      const logger = new RecordingLogger();
      const controller = new AbortController();
      bench.server.script(refusal('RATE_LIMITED', {}, { 'Retry-After': '20' }));
      const call = bench.client({ logger }).getSession(SESSION_ID, { signal: controller.signal });
      // Without the abort this would go on for 20 seconds, ten times what mocha allows.
      await logger.warned();
      controller.abort();
      await rejection(call, bench.module.AbortedError);
      assert.deepEqual(listeners(controller), [0]);
    });

    it('sends nothing for a signal that was aborted before', async () => {
      await rejection(bench.client().getHealth({ signal: AbortSignal.abort() }), bench.module.AbortedError);
    });

    it('leaves no listener behind when all goes well', async () => {
      const controller = new AbortController();
      bench.server.script(refusal('INTERNAL_ERROR'), json(200, session));
      await bench.client({ signal: controller.signal }).getSession(SESSION_ID);
      assert.deepEqual(listeners(controller), [0]);
    });
  });
}
