import assert from 'node:assert/strict';
import type { Session, Task } from '@claude-projects/shared/client';
import { inEnglish } from '../../src/platform/localize.ts';
import { SessionLabels } from '../../src/sessions/session-labels.ts';
import { checkSettings } from '../../src/settings/check-settings.ts';
import type { TreeNode } from '../../src/tree/nodes.ts';
import { GATHER_MS, SessionsTreeModel } from '../../src/tree/sessions-tree-model.ts';
import { emptySettings } from '../settings/support/empty-settings.ts';
import { unreachable } from '../support/errors.ts';
import { FakeClaude } from '../support/fake-claude.ts';
import { MINUTE, SECOND } from '../support/fake-clock.ts';
import { FakeHeldSession } from '../support/fake-journals.ts';
import { attentionOf } from './support/attention.ts';
import { sampleTask } from './support/store-bench.ts';
import { WindowBench } from './support/window-bench.ts';

describe('the sessions of a window', () => {
  let bench: WindowBench;
  let model: SessionsTreeModel;
  let attention: ReturnType<typeof attentionOf>;

  beforeEach(() => {
    bench = new WindowBench();
    const { sessions, connection, lifecycle, clock, log } = bench;
    const settings = {
      current: checkSettings(emptySettings, inEnglish).settings,
      onDidChange: () => ({ dispose: () => undefined }),
    };
    attention = attentionOf(sessions);
    model = new SessionsTreeModel({
      store: sessions,
      labels: new SessionLabels({ store: sessions, lifecycle }),
      claude: new FakeClaude(),
      needsYou: attention.needsYou,
      dismissals: attention.dismissals,
      connection,
      lifecycle,
      settings,
      clock,
      localize: inEnglish,
      log,
    });
    model.setVisible(true);
  });

  afterEach(() => {
    model.dispose();
    attention.dispose();
    bench.dispose();
  });

  const ok = <T>(result: { ok: true; value: T } | { ok: false }): T => {
    assert.ok(result.ok);
    return result.value;
  };
  const goAway = () => {
    bench.api.failure = () => unreachable();
  };
  /** The rows under a session, after all redraws. */
  const tasks = async (sessionId: string): Promise<string[]> => {
    await bench.clock.advance(GATHER_MS);
    const node = model.nodeOf(sessionId);
    assert.ok(node, 'the session is not in the tree');
    const rows = (await model.childrenOf(node)).map((child) => model.rowOf(child));
    return rows.map((row) => `${row?.label}: ${row?.description}`);
  };
  const state = (sessionId: string) => model.rowOf(node(sessionId))?.contextValue;
  const node = (sessionId: string): TreeNode => {
    const found = model.nodeOf(sessionId);
    assert.ok(found);
    return found;
  };

  describe('while the API is away', () => {
    beforeEach(goAway);

    it('shows what this window starts, blocks, fails and completes, without asking anybody', async () => {
      const tracker = await bench.start();
      assert.deepEqual(await tasks(tracker.sessionId), ['No tasks yet: ']);
      bench.api.takeAnswered();
      const write = ok(await tracker.startTask({ name: 'Write it' }));
      assert.deepEqual(await tasks(tracker.sessionId), ['Write it: in progress · current']);
      await write.block('Waits for Ada');
      assert.deepEqual(await tasks(tracker.sessionId), ['Write it: blocked']);
      assert.deepEqual(bench.sessions.tasksOf(tracker.sessionId)?.tasks[0]?.metadata, {
        block_reason: 'Waits for Ada',
      });
      await write.complete();
      const check = ok(await tracker.startTask({ name: 'Check it' }));
      await check.fail('It is wrong');
      assert.deepEqual(await tasks(tracker.sessionId), ['Write it: completed', 'Check it: failed · It is wrong']);
      await tracker.complete();
      await bench.clock.advance(GATHER_MS);
      assert.match(state(tracker.sessionId) ?? '', /^session\.completed\./);
    });

    it('says above the rows that it shows nothing but its own', async () => {
      await bench.store.poll();
      await bench.start();
      await bench.clock.advance(GATHER_MS);
      const [notice] = model.roots();
      assert.ok(notice);
      assert.match(model.rowOf(notice)?.spoken ?? '', /^Offline\. The view shows only the sessions of this window\.$/);
      assert.equal(model.surroundings.viewState, 'content');
    });

    it('keeps a session that it tracks alive on the screen', async () => {
      const { sessionId } = await bench.start();
      await bench.clock.advance(10 * MINUTE);
      const session = bench.sessions.find(sessionId);
      assert.ok(session);
      assert.equal(bench.sessions.healthOf(session), 'healthy');
    });

    it('shows what an earlier window of the workspace left to deliver', async () => {
      const session_id = 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa';
      const since = bench.at();
      const body = { session_id, project_id: 'acme/shop', machine_id: 'laptop', occurred_at: since };
      const left = new FakeHeldSession(
        { session_id, project_id: 'acme/shop', machine_id: 'laptop', workspace: 'here', since },
        { origin: 'started', create: { kind: 'create-session', body } },
      );
      left.ended = true;
      await left.outbox.add({ kind: 'update-session', session_id, body: { status: 'completed', occurred_at: since } });
      bench.journals.orphans = [left];
      await bench.lifecycle.resume();
      assert.equal(bench.sessions.find(session_id)?.status, 'completed');
      left.outbox.answerNext({ kind: 'new-session', session: bench.session({ session_id }) });
      assert.equal(bench.sessions.find(session_id)?.status, 'completed', 'the end still waits');
    });
  });

  it('lists its session among the others by its age, and only once', async () => {
    const older = bench.session({ created_at: bench.at(-MINUTE) });
    bench.api.put(older);
    await bench.store.poll();
    const { sessionId } = await bench.start();
    const ids = () => bench.sessions.all().map(({ session_id }) => session_id);
    assert.deepEqual(ids(), [sessionId, older.session_id]);
    bench.api.put(bench.session({ session_id: sessionId }));
    await bench.store.poll();
    assert.deepEqual(ids(), [sessionId, older.session_id]);
  });

  it('keeps it when a reading does not know it yet, and tells nobody that it is gone', async () => {
    const { sessionId } = await bench.start();
    bench.takeToldOfWindow();
    await bench.store.poll();
    assert.ok(bench.sessions.find(sessionId));
    assert.deepEqual(
      bench.takeToldOfWindow().flatMap(({ removed }) => removed),
      [],
    );
  });

  it('lets go of a session that it abandons', async () => {
    const tracker = await bench.start();
    const { sessionId } = tracker;
    bench.takeToldOfWindow();
    await bench.lifecycle.abandon(tracker);
    assert.equal(bench.sessions.find(sessionId), undefined);
    assert.deepEqual(
      bench.takeToldOfWindow().flatMap(({ removed }) => removed),
      [sessionId],
    );
  });

  it('shows no older state when a change is delivered', async () => {
    const tracker = await bench.start();
    const task = ok(await tracker.startTask({ name: 'Write it' }));
    const session = bench.session({ session_id: tracker.sessionId });
    const record = (status: Task['status']) =>
      sampleTask(session, { task_id: task.taskId, task_name: 'Write it', status });
    const seen: string[] = [];
    bench.sessions.onDidChangeSessions(() => {
      const known = bench.sessions.tasksOf(tracker.sessionId)?.tasks ?? [];
      seen.push(known.map(({ status }) => status).join());
    });
    bench.held.outbox.answerNext({ kind: 'new-session', session });
    bench.held.outbox.answerNext({ kind: 'task', task: record('pending') });
    bench.held.outbox.answerNext({ kind: 'task', task: record('in_progress') });
    await task.complete();
    bench.held.outbox.answerNext({ kind: 'task', task: record('completed') });
    assert.deepEqual(
      seen.filter((statuses, index) => statuses !== seen[index - 1]),
      ['in_progress', 'completed'],
    );
    assert.equal(bench.sessions.find(tracker.sessionId)?.current_task_id, null);
  });

  it('redraws tasks only for changes that a person can see', async () => {
    const tracker = await bench.start();
    await tasks(tracker.sessionId);
    // The fake API has no machines, so the window reports that it is offline.
    await bench.clock.advance(SECOND);
    const redrawn: unknown[] = [];
    model.onDidChange((redraw) => redrawn.push(redraw));
    const started_at = bench.at();
    const task = ok(await tracker.startTask({ name: 'Write it' }));
    assert.deepEqual(await tasks(tracker.sessionId), ['Write it: in progress · current']);
    assert.deepEqual(redrawn, [[node(tracker.sessionId)]]);
    const known = bench.sessions.find(tracker.sessionId);
    const session = bench.session({ session_id: tracker.sessionId, started_at: known?.started_at ?? '' });
    const record = sampleTask(session, { task_id: task.taskId, task_name: 'Write it', started_at });
    bench.held.outbox.answerNext({ kind: 'new-session', session });
    bench.held.outbox.answerNext({ kind: 'task', task: { ...record, status: 'pending', started_at: null } });
    bench.held.outbox.answerNext({ kind: 'task', task: { ...record, updated_at: bench.at(5) } });
    await bench.clock.advance(GATHER_MS);
    assert.equal(redrawn.length, 1);
  });

  it('shows that a session which was taken for dead lives again as soon as its heartbeat is answered', async () => {
    const stalled = bench.session({ status: 'stalled', health: 'stalled' });
    bench.api.put(stalled);
    await bench.store.poll();
    await bench.lifecycle.adopt(stalled);
    assert.equal(bench.sessions.find(stalled.session_id)?.health, 'stalled');
    bench.api.beats = () => ({ ...stalled, status: 'active', health: 'healthy' });
    await bench.clock.advance(MINUTE);
    assert.equal(bench.sessions.find(stalled.session_id)?.health, 'healthy');
  });

  it('goes by the API once all is delivered', async () => {
    const tracker = await bench.start();
    const task = ok(await tracker.startTask({ name: 'Write it' }));
    const session = bench.session({ session_id: tracker.sessionId });
    const record = sampleTask(session, { task_id: task.taskId, status: 'in_progress' });
    bench.held.outbox.answerNext({ kind: 'new-session', session });
    bench.held.outbox.answerNext({ kind: 'task', task: record });
    bench.held.outbox.answerNext({ kind: 'task', task: record });
    bench.api.put({ ...session, updated_at: bench.at(SECOND) });
    bench.api.tasks = [{ ...record, status: 'completed' }];
    await bench.store.poll();
    await bench.store.loadTasks(tracker.sessionId);
    assert.equal(bench.sessions.tasksOf(tracker.sessionId)?.tasks[0]?.status, 'completed', 'by another window');
  });

  it('keeps the objects by which the tree sees that nothing changed', async () => {
    bench.api.put(...Array.from({ length: 5 }, () => bench.session({ created_at: bench.at(-SECOND) })));
    await bench.store.poll();
    const tracker = await bench.start();
    const [all, known] = [bench.sessions.all(), bench.sessions.tasksOf(tracker.sessionId)];
    bench.takeToldOfWindow();
    tracker.reportActivity('working');
    assert.equal(bench.sessions.all(), all);
    assert.equal(bench.sessions.tasksOf(tracker.sessionId), known);
    assert.deepEqual(bench.takeToldOfWindow(), []);
    tracker.reportActivity('waiting_for_input', 'May I?');
    assert.deepEqual(
      bench.takeToldOfWindow().map(({ changed }) => changed),
      [[tracker.sessionId]],
    );
    assert.deepEqual(
      bench.sessions.all().map((session, index) => session === all[index]),
      [false, true, true, true, true, true],
    );
  });

  it('reads the tasks of a session it adopted behind the ones it knows', async () => {
    const adopted: Session = bench.session();
    bench.api.put(adopted);
    bench.api.tasks = [
      sampleTask(adopted, { task_name: 'Plan it', status: 'completed', position: 0 }),
      sampleTask(adopted, { task_id: 'eeeeeeee-eeee-4eee-8eee-eeeeeeeeeeee', task_name: 'Write it', position: 1 }),
    ];
    await bench.store.poll();
    await bench.lifecycle.adopt(adopted);
    assert.equal((await tasks(adopted.session_id)).length, 2);
    await bench.clock.advance(0);
    assert.equal(bench.store.tasksOf(adopted.session_id)?.tasks.length, 2);
  });
});
