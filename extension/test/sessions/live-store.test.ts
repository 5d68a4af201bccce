import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Session } from '@claude-projects/shared/client';
import { healthAt } from '../../src/sessions/health.ts';
import { READ_ALL_AT_MOST_EVERY_MS } from '../../src/sessions/session-store.ts';
import { MINUTE, SECOND } from '../support/fake-clock.ts';
import { LiveStore } from './support/live-api.ts';

describe('the store of sessions over the real API', () => {
  let live: LiveStore;

  beforeEach(async () => {
    live = await LiveStore.start();
  });

  afterEach(() => live.close());

  const start = (project_id: string = randomUUID()) =>
    live.client.createSession({ project_id, machine_id: 'laptop', docker_slot: 3 });
  const known = ({ session_id }: Session) => live.store.find(session_id);

  it('follows a session from its start over its silence and recovery to its deletion', async () => {
    const { store, client, clock } = live;
    const session = await start();
    await store.poll();
    assert.equal(known(session)?.health, 'healthy');
    await client.sendHeartbeat(session.session_id, { activity: 'waiting_for_input', activity_detail: 'May I?' });
    await store.poll();
    assert.equal(known(session)?.health, 'waiting');
    assert.equal(known(session)?.activity_detail, 'May I?');
    await clock.advance(181 * SECOND);
    await store.poll();
    assert.deepEqual([known(session)?.status, known(session)?.health], ['active', 'stalled'], 'before any sweep');
    const successor = await client.recoverSession(session.session_id, { new_machine_id: 'desktop' });
    await store.poll();
    assert.equal(known(session)?.recovered_by, successor.session_id);
    assert.equal(known(successor)?.recovered_from, session.session_id);
    await client.updateSession(successor.session_id, { status: 'completed' });
    await client.archiveSession(successor.session_id);
    await store.poll();
    assert.notEqual(known(successor)?.archived_at, null);
    await client.deleteSession(session.session_id);
    await store.refresh();
    assert.equal(known(session), undefined);
  });

  it('is told "not modified" while nothing happens, and the whole reply when health alone moved on', async () => {
    const { store, clock } = live;
    const session = await start();
    await store.poll();
    live.takeAnswered();
    await clock.advance(30 * SECOND);
    await store.poll();
    assert.deepEqual(live.takeAnswered(), ['304 /api/sessions?limit=100&offset=0']);
    await clock.advance(MINUTE + SECOND);
    assert.equal(healthAt(known(session) ?? session, store.vitals), 'late', 'worked out here, without a request');
    await store.poll();
    assert.deepEqual(live.takeAnswered(), ['200 /api/sessions?limit=100&offset=0']);
    assert.equal(known(session)?.health, 'late', 'and said by the API');
  });

  it('reads tasks in their order, and learns the name of the current one', async () => {
    const { store, client } = live;
    const session = await start();
    const add = (task_name: string) =>
      client.createTask({ session_id: session.session_id, project_id: session.project_id, task_name });
    const first = await add('Design the schema');
    await add('Write the checkout');
    await client.updateTask(first.task_id, { status: 'in_progress' });
    await store.poll();
    const current = known(session);
    assert.equal(current && store.currentTaskNameOf(current), 'Design the schema');
    const { tasks } = await store.loadTasks(session.session_id);
    assert.deepEqual(
      tasks.map(({ task_name, status }) => `${task_name} ${status}`),
      ['Design the schema in_progress', 'Write the checkout pending'],
    );
    store.watchTasks(session.session_id);
    await live.clock.advance(SECOND);
    await client.updateTask(first.task_id, { status: 'completed' });
    await store.poll();
    assert.equal(store.tasksOf(session.session_id)?.tasks[0]?.status, 'completed');
  });

  describe('with 1,000 sessions', () => {
    beforeEach(function () {
      this.timeout(30_000);
      return live.seed(1000, (index) => {
        if (index === 950) return { status: 'stalled', completed_at: null };
        if (index === 960) return { status: 'failed', error_message: 'the process crashed' };
        if (index === 970) return { status: 'active', completed_at: null };
        return {};
      });
    });

    it('knows all that matters after one reading, and polls with one request', async () => {
      const { store } = live;
      await store.poll();
      const healths = ['seed-00950', 'seed-00960', 'seed-00970'].map((id) => store.find(id)?.health);
      assert.deepEqual(healths, ['stalled', 'ended', 'stalled']);
      assert.equal(store.all().length, 103);
      assert.equal(live.takeAnswered().length, 7);
      const session = await start();
      await store.poll();
      assert.ok(known(session));
      await live.client.deleteSession('seed-00950');
      await live.clock.advance(READ_ALL_AT_MOST_EVERY_MS);
      await store.refresh();
      assert.equal(store.find('seed-00950'), undefined);
    });

    it('keeps within the rate limit though it reads for an hour, something runs, and all of it is loaded', async () => {
      const { store, client, clock } = live;
      const session = await start();
      await store.poll();
      while (store.hasMore) await store.loadMore();
      assert.equal(store.all().length, 1001);
      live.takeAnswered();
      let most = 0;
      for (let minute = 0; minute < 60; minute += 1) {
        await client.sendHeartbeat(session.session_id);
        for (let poll = 0; poll < 4; poll += 1) {
          await clock.advance(15 * SECOND);
          await store.poll();
        }
        most = Math.max(most, live.takeAnswered().length);
      }
      assert.ok(most <= 25, `${most} requests in a minute`);
    }).timeout(60_000);
  });
});
