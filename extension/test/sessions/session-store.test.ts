import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { LIMITS } from '@claude-projects/shared/contract';
import { healthAt } from '../../src/sessions/health.ts';
import { MOST_PAGES } from '../../src/sessions/session-pages.ts';
import { READ_ALL_AT_MOST_EVERY_MS, READ_ALL_EVERY_MS } from '../../src/sessions/session-store.ts';
import { unreachable } from '../support/errors.ts';
import { MINUTE, SECOND } from '../support/fake-clock.ts';
import { readyEndpoint } from '../support/scripted-api.ts';
import { StoreBench, sampleTask } from './support/store-bench.ts';

describe('the store of sessions', () => {
  let bench: StoreBench;

  beforeEach(() => {
    bench = new StoreBench();
  });

  afterEach(() => bench.dispose());

  const ids = () => bench.store.all().map(({ session_id }) => session_id);

  it('reads nothing by itself', async () => {
    await bench.clock.advance(10 * MINUTE);
    assert.deepEqual(bench.api.answered, []);
    assert.equal(bench.source.resolved, 0);
    assert.equal(bench.clock.pendingTimers, 0);
  });

  describe('where all sessions fit on a page', () => {
    it('reads them with one request, and pays next to nothing while nothing changes', async () => {
      const { api, store } = bench;
      api.put(bench.session(), bench.session({ status: 'failed', health: 'ended' }));
      await store.poll();
      assert.deepEqual(api.takeAnswered(), ['200 /api/sessions/stalled', '200 /api/sessions']);
      await store.poll();
      await store.refresh();
      assert.deepEqual(api.takeAnswered(), ['304 /api/sessions', '304 /api/sessions']);
      assert.equal(store.all().length, 2);
    });

    it('names what came, changed and went, and keeps the rest as the same objects', async () => {
      const { api, store } = bench;
      const [stays, changes, goes] = [bench.session(), bench.session(), bench.session()];
      api.put(stays, changes, goes);
      await store.poll();
      bench.takeTold();
      const kept = store.find(stays.session_id);
      await bench.clock.advance(SECOND);
      api.change(changes.session_id, { activity: 'idle', updated_at: bench.at() });
      api.delete(goes.session_id);
      const comes = bench.session();
      api.put(comes);
      await store.poll();
      assert.deepEqual(bench.takeTold(), [
        {
          added: [comes.session_id],
          changed: [changes.session_id],
          removed: [goes.session_id],
          tasks: [],
          status: false,
        },
      ]);
      assert.equal(store.find(stays.session_id), kept);
      await store.poll();
      assert.deepEqual(bench.takeTold(), [], 'nothing changed, so nothing is told');
    });
  });

  describe('where there are many sessions', () => {
    const many = async () => {
      bench.api.put(...bench.history(250));
      await bench.store.poll();
      bench.api.takeAnswered();
    };

    it('finds what runs or needs attention on whatever page it lies', async () => {
      const { api, store } = bench;
      const old = { created_at: bench.at(-1000 * MINUTE) };
      const vital = [
        bench.session({ ...old, status: 'stalled', health: 'stalled' }),
        bench.session({ ...old, status: 'failed', health: 'ended' }),
        bench.session({ ...old, activity: 'waiting_for_input', health: 'waiting' }),
        bench.session({ ...old, status: 'paused', health: 'paused' }),
      ];
      const past = [
        bench.session({ ...old, status: 'completed', health: 'ended' }),
        bench.session({ ...old, status: 'failed', health: 'ended', archived_at: bench.at() }),
      ];
      api.put(...bench.history(250), ...vital, ...past);
      await store.poll();
      for (const { session_id } of vital) assert.ok(store.find(session_id), 'it is known');
      for (const { session_id } of past) assert.equal(store.find(session_id), undefined);
      assert.equal(store.all().length, 100 + vital.length);
      assert.equal(store.hasMore, true);
      assert.deepEqual(api.takeAnswered(), [
        '200 /api/sessions/stalled',
        '200 /api/sessions',
        '200 /api/sessions?status=active',
        '200 /api/sessions?status=paused',
        '200 /api/sessions?status=stalled',
        '200 /api/sessions?status=failed&archived=false',
        '200 /api/sessions?updated_since',
      ]);
    });

    it('then asks for changes alone, with one request a poll', async () => {
      await many();
      const { api, store } = bench;
      await store.poll();
      await store.poll();
      assert.deepEqual(api.takeAnswered(), ['304 /api/sessions?updated_since', '304 /api/sessions?updated_since']);
      await bench.clock.advance(SECOND);
      const comes = bench.session();
      api.put(comes);
      await store.poll();
      assert.equal(store.all()[0]?.session_id, comes.session_id);
      api.change(comes.session_id, { status: 'failed', health: 'ended', updated_at: bench.at() });
      await store.poll();
      assert.equal(store.find(comes.session_id)?.status, 'failed');
    });

    it('asks how those are that have fallen silent: silence is no change', async () => {
      await many();
      const { api, store, clock } = bench;
      const session = bench.session();
      api.put(session);
      await store.poll();
      await store.poll();
      api.takeAnswered();
      await clock.advance(100 * SECOND);
      await store.poll();
      assert.deepEqual(api.takeAnswered(), ['304 /api/sessions?updated_since', '200 /api/sessions?status=active']);
      api.change(session.session_id, { health: 'stalled' });
      await store.poll();
      assert.equal(store.find(session.session_id)?.health, 'stalled');
    });

    it('asks how a silent paused session is, too: nobody may be alive there', async () => {
      await many();
      const { api, store, clock } = bench;
      const session = bench.session({ status: 'paused', health: 'paused' });
      api.put(session);
      await store.poll();
      await clock.advance(100 * SECOND);
      api.takeAnswered();
      await store.poll();
      assert.deepEqual(api.takeAnswered(), ['200 /api/sessions?updated_since', '200 /api/sessions?status=paused']);
      api.change(session.session_id, { health: 'stalled' });
      await store.poll();
      assert.equal(store.find(session.session_id)?.health, 'stalled');
      api.takeAnswered();
      await store.poll();
      assert.deepEqual(api.takeAnswered().length, 1, 'it is not asked for any longer');
    });

    it('misses no change that is made while it reads, however long that takes', async () => {
      await many();
      const { api, store, clock } = bench;
      const [ends, silent, beats] = [bench.session(), bench.session(), bench.session()];
      api.put(ends, silent, beats);
      await store.poll();
      await clock.advance(100 * SECOND);
      api.meanwhile = (request) => {
        if (!request.includes('status=active')) return;
        api.meanwhile = () => undefined;
        api.change(ends.session_id, { status: 'completed', health: 'ended', updated_at: bench.at(SECOND) });
        api.change(beats.session_id, { last_heartbeat: bench.at(12 * SECOND), updated_at: bench.at(12 * SECOND) });
      };
      await store.poll();
      await clock.advance(15 * SECOND);
      await store.poll();
      assert.equal(store.find(ends.session_id)?.status, 'completed');
    });

    it('asks nothing of those whose change says that they were heard meanwhile', async () => {
      await many();
      const { api, store, clock } = bench;
      const session = bench.session();
      api.put(session);
      await store.poll();
      await store.poll();
      api.takeAnswered();
      await clock.advance(100 * SECOND);
      api.change(session.session_id, { last_heartbeat: bench.at(), updated_at: bench.at() });
      await store.poll();
      assert.deepEqual(api.takeAnswered(), ['200 /api/sessions?updated_since']);
      assert.equal(store.find(session.session_id)?.last_heartbeat, bench.at());
    });

    it('finds deleted ones when it reads all again, every five minutes', async () => {
      await many();
      const { api, store, clock } = bench;
      const [first] = store.all();
      assert.ok(first);
      api.delete(first.session_id);
      await clock.advance(MINUTE);
      await store.poll();
      assert.ok(store.find(first.session_id));
      await clock.advance(READ_ALL_EVERY_MS);
      await store.poll();
      assert.equal(store.find(first.session_id), undefined);
    });

    it('finds a deleted one at once when it is refreshed, unless commands follow each other closely', async () => {
      await many();
      const { api, store, clock } = bench;
      await clock.advance(READ_ALL_AT_MOST_EVERY_MS);
      const [first, second] = store.all();
      assert.ok(first && second);
      api.delete(first.session_id);
      await store.refresh();
      assert.equal(store.find(first.session_id), undefined);
      api.takeAnswered();
      api.delete(second.session_id);
      await store.refresh();
      assert.equal(api.takeAnswered().length, 1, 'the second refresh is cheap');
      await store.poll();
      assert.equal(store.find(second.session_id), undefined, 'the next poll makes good for it');
    });

    it('lets deleted ones go as soon as their deletion is answered, however closely they follow each other', async () => {
      await many();
      const { store } = bench;
      const [first, second] = store.all();
      assert.ok(first && second);
      for (const { session_id } of [first, second]) {
        bench.takeTold();
        store.learn({ kind: 'deleted-session', session_id });
        assert.equal(store.find(session_id), undefined);
        assert.deepEqual(bench.takeTold()[0]?.removed, [session_id]);
      }
    });

    it('loses no session that changes its status while the listings are read', async () => {
      const { api, store } = bench;
      const session = bench.session({ status: 'stalled', health: 'stalled', created_at: bench.at(-1000 * MINUTE) });
      api.put(...bench.history(250), session);
      api.meanwhile = (line) => {
        // Came back after the listing of active ones, and before the one of stalled ones.
        if (line.includes('status=stalled')) {
          api.change(session.session_id, { status: 'active', health: 'healthy', updated_at: bench.at(1) });
        }
      };
      await store.poll();
      assert.equal(store.find(session.session_id)?.status, 'active');
    });

    it('removes nothing when the listing changed under its hands', async () => {
      await many();
      const { api, store, clock } = bench;
      const before = ids();
      await clock.advance(READ_ALL_EVERY_MS);
      await store.loadMore();
      await clock.advance(READ_ALL_EVERY_MS);
      let isFirst = true;
      api.meanwhile = (line) => {
        if (line !== '/api/sessions?offset=100' || !isFirst) return;
        isFirst = false;
        // One that was read already goes, so that one that was not yet read moves up.
        api.delete(before[0] ?? '');
      };
      await store.refresh();
      assert.equal(isFirst, false);
      assert.equal(store.all().length, 200);
    });

    it('loads more, until there is no more', async () => {
      await many();
      const { api, store } = bench;
      await bench.clock.advance(READ_ALL_AT_MOST_EVERY_MS);
      await store.loadMore();
      assert.equal(store.all().length, 200);
      assert.equal(store.hasMore, true);
      await store.loadMore();
      assert.equal(store.all().length, 250);
      assert.equal(store.hasMore, false);
      api.takeAnswered();
      await store.loadMore();
      assert.deepEqual(api.takeAnswered(), []);
    });

    it('never reads without bound, and says so', async () => {
      const { api, store, log } = bench;
      api.put(...Array.from({ length: (MOST_PAGES + 1) * 100 }, () => bench.session()));
      await store.poll();
      assert.equal(store.all().length, MOST_PAGES * 100);
      assert.ok(log.lines.some((line) => line.startsWith('warn: There are more sessions')));
    });
  });

  describe('one reading at a time', () => {
    it('has polls join the reading that runs, and refreshes share one that begins after them', async () => {
      const { api, store } = bench;
      await store.poll();
      api.takeAnswered();
      let open = () => undefined as void;
      api.gate = new Promise((done) => {
        open = done;
      });
      const calls = [store.poll(), store.poll(), store.refresh(), store.refresh(), store.poll()];
      open();
      await Promise.all(calls);
      assert.equal(api.takeAnswered().length, 2);
    });
  });

  describe('while the API is away', () => {
    it('keeps what it has, counts, and never rejects', async () => {
      const { api, store, clock } = bench;
      api.put(bench.session());
      await store.poll();
      const readAt = clock.now();
      bench.takeTold();
      api.failure = unreachable;
      await clock.advance(MINUTE);
      await store.poll();
      await store.refresh();
      assert.equal(store.all().length, 1);
      assert.deepEqual({ ...store.status, notBefore: 0 }, { readAt, failures: 2, notBefore: 0 });
      assert.deepEqual(
        bench.takeTold().map(({ status }) => status),
        [true],
        'told once that it fails',
      );
      api.failure = undefined;
      await store.poll();
      assert.equal(store.status.failures, 0);
    });

    it('forgets the sessions of another server, and nothing when the local one moves', async () => {
      const { api, store, source, clock } = bench;
      source.endpoint = readyEndpoint('one', 'local');
      const session = bench.session();
      api.put(session);
      await store.poll();
      const moved = readyEndpoint('two', 'local');
      assert.equal(moved.kind, 'ready');
      source.change({ ...moved, address: { mode: 'local', baseUrl: 'http://127.0.0.1:2' } });
      await clock.advance(0);
      assert.deepEqual(ids(), [session.session_id]);
      bench.takeTold();
      api.failure = unreachable;
      source.change(readyEndpoint('three', 'remote'));
      await clock.advance(0);
      assert.deepEqual(ids(), []);
      assert.deepEqual(bench.takeTold()[0]?.removed, [session.session_id]);
      assert.equal(store.status.readAt, undefined);
    });
  });

  describe('between two readings', () => {
    it('lets a healthy session grow late, by the threshold of the server; stalled it is when the server says so', async () => {
      const { api, store, clock } = bench;
      api.stallThresholdMs = 10 * MINUTE;
      const session = bench.session();
      api.put(session);
      await store.poll();
      const healthAfter = async (ms: number) => {
        await clock.advance(ms);
        const known = store.find(session.session_id);
        return known && healthAt(known, store.vitals);
      };
      assert.equal(await healthAfter(5 * MINUTE), 'healthy');
      assert.equal(await healthAfter(SECOND), 'late');
      assert.equal(await healthAfter(60 * MINUTE), 'late');
    });

    it('follows a stall threshold that changes: it is read again every five minutes, and after a failure', async () => {
      const { api, store, clock } = bench;
      const thresholdAfter = async (ms: number) => {
        await clock.advance(ms);
        await store.poll();
        return store.vitals.stallThresholdMs;
      };
      api.stallThresholdMs = 10 * MINUTE;
      assert.equal(await thresholdAfter(0), 10 * MINUTE);
      api.stallThresholdMs = MINUTE;
      assert.equal(await thresholdAfter(4 * MINUTE), 10 * MINUTE, 'it is not asked for with every reading');
      assert.equal(await thresholdAfter(MINUTE), MINUTE);
      api.stallThresholdMs = 2 * MINUTE;
      api.failure = unreachable;
      assert.equal(await thresholdAfter(SECOND), MINUTE);
      api.failure = undefined;
      assert.equal(await thresholdAfter(SECOND), 2 * MINUTE);
    });

    it('reckons with a server whose clock is ahead', async () => {
      const { api, store, clock } = bench;
      const ahead = bench.at(5 * MINUTE);
      const session = bench.session({ updated_at: ahead, last_heartbeat: ahead });
      api.put(session);
      await store.poll();
      assert.equal(store.vitals.now, clock.now() + 5 * MINUTE);
      await clock.advance(91 * SECOND);
      assert.equal(healthAt(session, store.vitals), 'late');
    });
  });

  describe('what the reply to a call says', () => {
    /** A reading that began before `happens` and is answered as things were before it. */
    const readingAround = async (happens: () => void) => {
      const { api, store } = bench;
      const before = [...api.sessions];
      const gate = Promise.withResolvers<void>();
      api.gate = gate.promise;
      const reading = store.refresh();
      happens();
      api.sessions = before;
      gate.resolve();
      await reading;
    };

    it('is taken at once, and told of', async () => {
      const { api, store } = bench;
      const session = bench.session();
      api.put(session);
      await store.poll();
      bench.takeTold();
      store.learn({ kind: 'session', session: { ...session, status: 'failed', health: 'ended' } });
      assert.equal(store.find(session.session_id)?.status, 'failed');
      assert.deepEqual(
        bench.takeTold().map(({ changed }) => changed),
        [[session.session_id]],
      );
    });

    it('is not undone by a reading that began before', async () => {
      const { api, store } = bench;
      const [ends, goes] = [bench.session(), bench.session()];
      const comes = bench.session();
      api.put(ends, goes);
      await store.poll();
      await readingAround(() => {
        store.learn({ kind: 'session', session: { ...ends, status: 'completed', health: 'ended' } });
        store.learn({ kind: 'deleted-session', session_id: goes.session_id });
        store.learn({ kind: 'new-session', session: comes });
      });
      assert.equal(store.find(ends.session_id)?.status, 'completed');
      assert.equal(store.find(goes.session_id), undefined);
      assert.ok(store.find(comes.session_id));
      await store.refresh();
      assert.equal(store.find(ends.session_id)?.status, 'active', 'the next reading is newer');
    });

    it('marks the original of a successor as recovered', async () => {
      const { api, store } = bench;
      const dead = bench.session({ status: 'failed', health: 'ended' });
      api.put(dead);
      await store.poll();
      const successor = bench.session({ recovered_from: dead.session_id });
      store.learn({ kind: 'session', session: successor });
      assert.equal(store.find(dead.session_id)?.recovered_by, successor.session_id);
    });

    it('keeps a task that an older list does not have', async () => {
      const { api, store } = bench;
      const session = bench.session();
      const [old, fresh] = [sampleTask(session), sampleTask(session, { task_id: session.session_id, position: 1 })];
      api.put(session);
      api.tasks = [old];
      await store.poll();
      const gate = Promise.withResolvers<void>();
      api.gate = gate.promise;
      const reading = store.loadTasks(session.session_id);
      await bench.clock.advance(0);
      store.learn({ kind: 'task', task: { ...old, status: 'completed' } });
      store.learn({ kind: 'task', task: fresh });
      gate.resolve();
      await reading;
      const known = store.tasksOf(session.session_id);
      assert.deepEqual(
        known?.tasks.map(({ status }) => status),
        ['completed', 'in_progress'],
      );
      assert.equal(known?.total, 2);
    });

    it('forgets a task that was deleted, also where an older list still has it', async () => {
      const { api, store } = bench;
      const session = bench.session();
      const task = sampleTask(session);
      const { session_id } = session;
      api.put({ ...session, current_task_id: task.task_id });
      api.tasks = [task];
      await store.poll();
      const gate = Promise.withResolvers<void>();
      api.gate = gate.promise;
      const reading = store.loadTasks(session_id);
      await bench.clock.advance(0);
      store.learn({ kind: 'deleted-task', session_id, task_id: task.task_id });
      assert.equal(store.find(session_id)?.current_task_id, null);
      gate.resolve();
      await reading;
      const known = store.tasksOf(session_id);
      assert.deepEqual([known?.tasks, known?.total], [[], 0]);
      store.learn({ kind: 'task', task });
      store.learn({ kind: 'deleted-task', session_id, task_id: task.task_id });
      assert.deepEqual(store.tasksOf(session_id)?.tasks, []);
    });

    it('fails the running tasks of a failed session', async () => {
      const { store } = bench;
      const session = bench.session();
      store.learn({ kind: 'new-session', session });
      store.learn({ kind: 'task', task: sampleTask(session) });
      store.learn({ kind: 'session', session: { ...session, status: 'failed', error_message: 'It hangs' } });
      assert.deepEqual(
        store.tasksOf(session.session_id)?.tasks.map(({ status, error_message }) => [status, error_message]),
        [['failed', 'It hangs']],
      );
    });
  });

  describe('tasks', () => {
    it('names the current tasks of all sessions with one request, and asks no second time', async () => {
      const { api, store } = bench;
      const session = bench.session({ current_task_id: sampleTask(bench.session()).task_id });
      const other = bench.session({ current_task_id: 'issue 7' });
      api.put(session, other);
      api.tasks = [sampleTask(session)];
      await store.poll();
      assert.equal(store.currentTaskNameOf(session), 'Write the checkout');
      assert.equal(store.currentTaskNameOf(other), 'issue 7', 'a client names its tasks as it likes');
      assert.equal(api.takeAnswered().at(-1), '200 /api/tasks?status=in_progress');
      await store.poll();
      assert.deepEqual(api.takeAnswered(), ['304 /api/sessions']);
    });

    it('names the task of a session that has stalled, also where too many others run', async () => {
      const { api, store } = bench;
      const taskId = sampleTask(bench.session()).task_id;
      const session = bench.session({ status: 'stalled', health: 'stalled', current_task_id: taskId });
      api.put(session);
      const others = Array.from({ length: LIMITS.tasksPerPage }, (_, position) =>
        sampleTask(session, { task_id: randomUUID(), session_id: 'other', position }),
      );
      api.tasks = [...others, sampleTask(session, { task_name: 'Migrate the orders' })];
      await store.poll();
      assert.equal(store.currentTaskNameOf(session), 'Migrate the orders');
      assert.equal(api.takeAnswered().at(-1), `200 /api/tasks/${taskId}`);
      await store.poll();
      assert.deepEqual(api.takeAnswered(), ['304 /api/sessions']);
    });

    it('asks again after a minute for one that was told of late', async () => {
      const { api, store, clock } = bench;
      const session = bench.session({ current_task_id: sampleTask(bench.session()).task_id });
      api.put(session);
      await store.poll();
      assert.equal(store.currentTaskNameOf(session), undefined, 'an id is no name');
      api.tasks = [sampleTask(session)];
      await store.poll();
      assert.equal(store.currentTaskNameOf(session), undefined);
      await clock.advance(MINUTE);
      bench.takeTold();
      await store.poll();
      assert.equal(store.currentTaskNameOf(session), 'Write the checkout');
      assert.deepEqual(bench.takeTold().at(-1)?.tasks, [session.session_id]);
    });

    it('reads them when asked, again only after their session changed, and follows those that are watched', async () => {
      const { api, store, clock } = bench;
      const session = bench.session();
      api.put(session);
      api.tasks = [sampleTask(session, { status: 'pending' })];
      await store.poll();
      api.takeAnswered();
      assert.equal((await store.loadTasks(session.session_id)).tasks.length, 1);
      await store.loadTasks(session.session_id);
      assert.deepEqual(api.takeAnswered(), [`200 /api/tasks?session_id=${session.session_id}`]);
      store.watchTasks(session.session_id);
      const beat = async () => {
        await clock.advance(SECOND);
        api.change(session.session_id, { updated_at: bench.at(), last_heartbeat: bench.at() });
        bench.takeTold();
        await store.poll();
        return bench.takeTold().flatMap(({ tasks }) => tasks);
      };
      assert.deepEqual(await beat(), []);
      assert.equal(api.takeAnswered().at(-1), `304 /api/tasks?session_id=${session.session_id}`);
      api.tasks = [sampleTask(session, { status: 'completed' })];
      assert.deepEqual(await beat(), [session.session_id]);
      assert.equal(store.tasksOf(session.session_id)?.tasks[0]?.status, 'completed');
      store.unwatchTasks(session.session_id);
      api.takeAnswered();
      await beat();
      assert.deepEqual(api.takeAnswered(), ['200 /api/sessions']);
    });

    it('follows many that are watched in turns, five in a reading', async () => {
      const { api, store, clock } = bench;
      const sessions = Array.from({ length: 7 }, () => bench.session());
      api.put(...sessions);
      await store.poll();
      for (const { session_id } of sessions) store.watchTasks(session_id);
      const turn = async () => {
        await clock.advance(SECOND);
        for (const { session_id } of sessions) api.change(session_id, { updated_at: bench.at() });
        api.takeAnswered();
        await store.poll();
        return api.takeAnswered().filter((line) => line.includes('/api/tasks'));
      };
      const [first, second] = [await turn(), await turn()];
      assert.deepEqual([first.length, second.length], [5, 5]);
      assert.equal(
        new Set([...first, ...second].map((line) => line.replace(/^\d+ /, ''))).size,
        7,
        'nobody is left out',
      );
    });

    it('reads more than a page of them, and no more than a thousand', async () => {
      const { api, store } = bench;
      const session = bench.session();
      api.put(session);
      await store.poll();
      const tasks = (count: number) =>
        Array.from({ length: count }, (_, position) => sampleTask(session, { task_id: `task ${position}`, position }));
      api.tasks = tasks(450);
      assert.deepEqual(await sizes(session.session_id), { read: 450, total: 450 });
      api.tasks = tasks(1200);
      const other = bench.session();
      api.put(other);
      await store.poll();
      api.change(session.session_id, { updated_at: bench.at(SECOND) });
      await store.poll();
      assert.deepEqual(await sizes(session.session_id), { read: 1000, total: 1200 });
    });

    async function sizes(sessionId: string): Promise<{ read: number; total: number }> {
      const { tasks, total } = await bench.store.loadTasks(sessionId);
      return { read: tasks.length, total };
    }
  });

  it('says nothing and asks nothing after it was disposed of', async () => {
    const { api, store } = bench;
    let open = () => undefined as void;
    api.gate = new Promise((done) => {
      open = done;
    });
    api.put(bench.session());
    const reading = store.poll();
    store.dispose();
    open();
    await reading;
    assert.deepEqual(bench.told, []);
    assert.deepEqual(ids(), []);
  });
});
