import assert from 'node:assert/strict';
import { HOUR, MINUTE } from '../support/fake-clock.ts';
import { readyEndpoint } from '../support/scripted-api.ts';
import { attentionOf, memoryState } from './support/attention.ts';
import { StoreBench } from './support/store-bench.ts';

describe('what needs the person at this window', () => {
  let bench: StoreBench;
  let attention: ReturnType<typeof attentionOf>;

  beforeEach(() => {
    bench = new StoreBench();
    attention = attentionOf(bench.store);
  });

  afterEach(() => {
    attention.dispose();
    bench.dispose();
  });

  const failed = (changes: Parameters<StoreBench['session']>[0] = {}) =>
    bench.session({ status: 'failed', health: 'ended', completed_at: bench.at(), ...changes });
  const poll = async () => {
    await bench.store.poll();
    // The place is read in between.
    await bench.clock.advance(0);
  };
  const ids = () => attention.needsYou.sessions().map(({ session_id }) => session_id);

  it('is of this machine or of the open project, and neither old nor dismissed', async () => {
    const mine = failed({ project_id: 'acme/api' });
    const ours = failed({ machine_id: 'desktop' });
    const asking = bench.session({ health: 'waiting', activity: 'waiting_for_input' });
    const foreign = failed({ project_id: 'acme/api', machine_id: 'desktop' });
    const old = failed({ completed_at: bench.at(-25 * HOUR) });
    const silent = bench.session({ status: 'stalled', health: 'stalled', last_heartbeat: bench.at(-25 * HOUR) });
    const recovered = failed({ recovered_by: 'another' });
    bench.api.put(mine, ours, asking, foreign, old, silent, recovered, bench.session());
    await poll();
    const expected = [mine, ours, asking].map(({ session_id }) => session_id);
    assert.deepEqual(ids().toSorted(), expected.toSorted());
    await attention.dismissals.dismiss([mine.session_id]);
    assert.equal(ids().length, 2);
    attention.move({ projectId: 'acme/web', machineId: 'desktop' });
    await bench.clock.advance(0);
    assert.deepEqual(ids().toSorted(), [ours, foreign].map(({ session_id }) => session_id).toSorted());
  });

  it('grows old by itself', async () => {
    bench.api.put(failed());
    await poll();
    assert.equal(ids().length, 1);
    await bench.clock.advance(24 * HOUR + MINUTE);
    assert.equal(ids().length, 0);
    assert.equal(attention.dismissals.older().length, 1);
  });

  it('does not grow for ever: what is older than a day can be dismissed at once, also after a restart', async () => {
    const old = Array.from({ length: 337 }, () => failed({ completed_at: bench.at(-25 * HOUR) }));
    bench.api.put(...old, failed());
    await poll();
    const state = memoryState();
    const first = attentionOf(bench.store, state);
    assert.equal(first.dismissals.older().length, 337);
    await first.dismissals.dismiss(first.dismissals.older().map(({ session_id }) => session_id));
    assert.equal(first.dismissals.older().length, 0);
    first.dispose();
    const second = attentionOf(bench.store, state);
    assert.equal(second.dismissals.older().length, 0);
    second.dispose();
  });

  describe('a dismissed session', () => {
    it('is shown again when it went on by itself and needs somebody once more', async () => {
      const session = bench.session({ health: 'waiting', activity: 'waiting_for_input' });
      bench.api.put(session);
      await poll();
      await attention.dismissals.dismiss([session.session_id]);
      assert.deepEqual(ids(), []);
      bench.api.change(session.session_id, { health: 'healthy', activity: 'working', updated_at: bench.at(1) });
      await poll();
      assert.equal(attention.dismissals.has(session.session_id), false);
      bench.api.change(session.session_id, { health: 'waiting', updated_at: bench.at(2) });
      await poll();
      assert.deepEqual(ids(), [session.session_id]);
    });

    it('does not hide its successor', async () => {
      const session = failed();
      bench.api.put(session);
      await poll();
      await attention.dismissals.dismiss([session.session_id]);
      const successor = failed({ recovered_from: session.session_id });
      bench.api.put(successor);
      await poll();
      assert.deepEqual(ids(), [successor.session_id]);
    });

    it('is forgotten when it is gone, but not when another server is looked at', async () => {
      const [one, other] = [failed(), failed()];
      bench.api.put(one, other);
      await poll();
      const { dismissals } = attention;
      await dismissals.dismiss([one.session_id, other.session_id]);
      bench.api.delete(one.session_id);
      await poll();
      assert.deepEqual([dismissals.has(one.session_id), dismissals.has(other.session_id)], [false, true]);
      bench.source.change(readyEndpoint('second', 'remote', 'http://127.0.0.1:2'));
      await poll();
      assert.equal(dismissals.has(other.session_id), true);
    });
  });
});
