import assert from 'node:assert/strict';
import { Emitter } from '../../src/platform/emitter.ts';
import { inEnglish } from '../../src/platform/localize.ts';
import { SessionLabels } from '../../src/sessions/session-labels.ts';
import { checkSettings } from '../../src/settings/check-settings.ts';
import type { Settings } from '../../src/settings/settings.ts';
import type { Redraw } from '../../src/tree/diff-trees.ts';
import { sessionNode, type TreeNode } from '../../src/tree/nodes.ts';
import { AGEING_MS, GATHER_FACTS_MS, GATHER_MS, SessionsTreeModel } from '../../src/tree/sessions-tree-model.ts';
import { FakeLifecycle, FakeTask, FakeTracker } from '../commands/support/fake-lifecycle.ts';
import { attentionOf } from '../sessions/support/attention.ts';
import { StoreBench, sampleTask } from '../sessions/support/store-bench.ts';
import { emptySettings } from '../settings/support/empty-settings.ts';
import { keyRefused, unreachable } from '../support/errors.ts';
import { FakeClaude } from '../support/fake-claude.ts';
import { MINUTE, SECOND } from '../support/fake-clock.ts';

describe('the model of the tree', () => {
  let bench: StoreBench;
  let model: SessionsTreeModel;
  let lifecycle: FakeLifecycle;
  let attention: ReturnType<typeof attentionOf>;
  let claude: FakeClaude;
  let redraws: Redraw[];
  let settings: { current: Settings };
  let settingsChanged: Emitter<Settings>;

  beforeEach(() => {
    bench = new StoreBench();
    lifecycle = new FakeLifecycle();
    claude = new FakeClaude();
    redraws = [];
    settingsChanged = new Emitter((error) => {
      throw error;
    });
    settings = { current: checkSettings(emptySettings, inEnglish).settings };
    attention = attentionOf(bench.store);
    model = new SessionsTreeModel({
      store: bench.store,
      labels: new SessionLabels({ store: bench.store, lifecycle }),
      claude,
      needsYou: attention.needsYou,
      dismissals: attention.dismissals,
      connection: bench.connection,
      lifecycle,
      settings: {
        get current() {
          return settings.current;
        },
        onDidChange: settingsChanged.event,
      },
      clock: bench.clock,
      localize: inEnglish,
      log: bench.log,
    });
    model.onDidChange((redraw) => redraws.push(redraw));
  });

  afterEach(() => {
    model.dispose();
    attention.dispose();
    bench.dispose();
  });

  const poll = async () => {
    await bench.store.poll();
    await bench.clock.advance(GATHER_MS);
  };
  const labels = (nodes: readonly TreeNode[]) =>
    nodes.map((node) => `${model.rowOf(node)?.label} ${model.rowOf(node)?.description}`.trim());
  const nodeOf = (sessionId: string) => {
    const node = model.nodeOf(sessionId);
    assert.ok(node);
    return node;
  };

  it('draws what was read, then what changed of it and nothing else', async () => {
    const [one, other] = [bench.session({ project_id: 'one' }), bench.session({ project_id: 'other' })];
    bench.api.put(one, other);
    await poll();
    assert.deepEqual(redraws, ['all']);
    const [group] = model.roots();
    assert.ok(group);
    const members = await model.childrenOf(group);
    assert.equal(members.length, 2);
    assert.equal(model.parentOf(nodeOf(one.session_id)), group);
    redraws.length = 0;
    bench.api.change(one.session_id, { metadata: { title: 'Compile' }, updated_at: bench.at() });
    await poll();
    assert.deepEqual(redraws, [[nodeOf(one.session_id)]]);
    redraws.length = 0;
    await poll();
    assert.deepEqual(redraws, []);
  });

  it('keeps the objects by which the editor knows its rows', async () => {
    const session = bench.session();
    bench.api.put(session);
    await poll();
    const node = nodeOf(session.session_id);
    assert.deepEqual(node, { kind: 'session', id: `session ${session.session_id}`, sessionId: session.session_id });
    bench.api.change(session.session_id, { status: 'failed', health: 'ended', updated_at: bench.at(1) });
    await poll();
    assert.equal(nodeOf(session.session_id), node);
  });

  it('lets rows age while they are seen, drawing those alone that read differently', async () => {
    const [old, young] = [bench.session(), bench.session({ last_heartbeat: bench.at(20 * SECOND) })];
    bench.api.put(old, young);
    await poll();
    redraws.length = 0;
    await bench.clock.advance(10 * MINUTE);
    assert.equal(redraws.length, 0, 'nobody sees it');
    model.setVisible(true);
    assert.equal(redraws.length, 1);
    redraws.length = 0;
    await bench.clock.advance(MINUTE);
    assert.deepEqual(
      redraws,
      [[nodeOf(young.session_id)], [nodeOf(old.session_id)]],
      'each of the two once a minute, at a time of its own',
    );
    model.setVisible(false);
    assert.equal(bench.clock.pendingTimers, 0);
    await bench.clock.advance(2 * AGEING_MS);
    assert.equal(bench.api.takeAnswered().length, 2, 'without a request');
  });

  it('lets the running time of a live session move on', async () => {
    const session = bench.session();
    bench.api.put(session);
    await poll();
    model.setVisible(true);
    const description = () => model.rowOf(nodeOf(session.session_id))?.description;
    assert.equal(description(), 'working · under 1 min');
    for (let minute = 1; minute <= 5; minute += 1) {
      await bench.clock.advance(MINUTE);
      bench.api.change(session.session_id, { last_heartbeat: bench.at(), updated_at: bench.at() });
      await poll();
    }
    assert.equal(description(), 'working · 5 min');
  });

  it('takes dismissed sessions out of the badge and the group', async () => {
    const session = bench.session({ status: 'failed', health: 'ended', completed_at: bench.at() });
    bench.api.put(session);
    await poll();
    assert.deepEqual(labels(model.roots()), ['Needs Attention 1']);
    assert.equal(model.surroundings.badge?.count, 1);
    await attention.dismissals.dismiss([session.session_id]);
    await bench.clock.advance(GATHER_MS);
    assert.deepEqual(labels(model.roots()), ['Recent 1']);
    assert.equal(model.surroundings.badge, undefined);
  });

  it('counts in its badge only what this person can act on', async () => {
    const foreign = { project_id: 'acme/api', machine_id: 'desktop' };
    const dead = { status: 'failed', health: 'ended', completed_at: bench.at() } as const;
    bench.api.put(bench.session(dead), bench.session({ ...dead, ...foreign }));
    await poll();
    assert.deepEqual(labels(model.roots()), ['Needs Attention 2, 1 needs you']);
    assert.equal(model.surroundings.badge?.count, 1);
  });

  it('gathers what happens at once', async () => {
    for (let count = 0; count < 50; count += 1) lifecycle.changed.fire(new FakeTracker());
    assert.equal(bench.clock.pendingTimers, 1);
    await bench.clock.advance(GATHER_MS);
    assert.equal(bench.clock.pendingTimers, 0);
  });

  it('tells its own sessions from others', async () => {
    const session = bench.session();
    bench.api.put(session);
    await poll();
    const own = new FakeTracker('acme/shop', session.session_id);
    own.currentTask = new FakeTask('Connect the payment provider', 'in_progress');
    lifecycle.trackers.push(own);
    lifecycle.changed.fire(own);
    await bench.clock.advance(GATHER_MS);
    const row = model.rowOf(nodeOf(session.session_id));
    assert.equal(row?.label, 'Connect the payment provider');
    assert.equal(row?.contextValue, 'session.working.live.own');
    own.title = 'Take payments';
    lifecycle.changed.fire(own);
    await bench.clock.advance(GATHER_MS);
    assert.equal(model.rowOf(nodeOf(session.session_id))?.label, 'Take payments', 'a title the API was not told of');
  });

  it('draws what is known of Claude Code a second later, and only while somebody looks', async () => {
    const session = bench.session();
    bench.api.put(session);
    await poll();
    const value = () => model.rowOf(sessionNode(session.session_id))?.contextValue;
    claude.know(session.session_id);
    await bench.clock.advance(GATHER_FACTS_MS);
    assert.equal(value(), 'session.working.live');
    model.setVisible(true);
    assert.equal(value(), 'session.working.live.terminal');
    redraws.length = 0;
    claude.know(session.session_id, { model: 'claude-opus-4-5' });
    claude.know(session.session_id, { currentTool: 'Bash: npm test' });
    await bench.clock.advance(GATHER_FACTS_MS - 1);
    assert.equal(redraws.length, 0);
    await bench.clock.advance(1);
    assert.equal(redraws.length, 1);
  });

  it('follows the setting for groups', async () => {
    bench.api.put(bench.session({ machine_id: 'laptop' }), bench.session({ machine_id: 'desktop' }));
    await poll();
    settings.current = { ...settings.current, groupBy: 'machine' };
    settingsChanged.fire(settings.current);
    await bench.clock.advance(GATHER_MS);
    assert.deepEqual(labels(model.roots()), ['desktop 1 working', 'laptop 1 working']);
  });

  it('filters, and says so above the rows', async () => {
    bench.api.put(
      bench.session({ project_id: 'shop' }),
      bench.session({ project_id: 'bank', archived_at: bench.at() }),
    );
    await poll();
    model.setFilter('shop');
    assert.equal(model.surroundings.message, '1 of 2 sessions match “shop”.');
    model.setFilter(' is:stalled ');
    assert.equal(model.filter, 'is:stalled');
    assert.equal(model.surroundings.message, 'No session matches “is:stalled”.');
    assert.deepEqual(model.roots(), []);
    model.setFilter('');
    assert.equal(model.surroundings.message, undefined);
  });

  it('counts in its badge what needs attention', async () => {
    bench.api.put(bench.session(), bench.session({ status: 'failed', health: 'ended' }));
    await poll();
    assert.deepEqual(model.surroundings.badge, { count: 1, tooltip: '1 session needs you' });
    bench.api.put(bench.session({ status: 'stalled', health: 'stalled' }));
    await poll();
    assert.deepEqual(model.surroundings.badge, { count: 2, tooltip: '2 sessions need you' });
    bench.api.sessions = [];
    await poll();
    assert.equal(model.surroundings.badge, undefined);
  });

  it('offers to load more where there is more', async () => {
    bench.api.put(...bench.history(150));
    await poll();
    const more = model.roots().at(-1);
    assert.ok(more);
    assert.equal(model.rowOf(more)?.command?.command, 'claudeProjects.loadMoreSessions');
    await bench.store.loadMore();
    await bench.clock.advance(GATHER_MS);
    assert.deepEqual(labels(model.roots()), ['Recent 150']);
  });

  describe('what stands in the place of rows', () => {
    it('begins with "loading", then "empty", then the rows', async () => {
      const states: string[] = [model.surroundings.viewState];
      model.onDidChangeSurroundings(({ viewState }) => states.push(viewState));
      await poll();
      bench.api.put(bench.session());
      await poll();
      assert.deepEqual(states, ['loading', 'empty', 'content']);
    });

    it('says why there are none', async () => {
      bench.api.failure = unreachable;
      await poll();
      assert.equal(model.surroundings.viewState, 'offline');
      bench.api.failure = keyRefused;
      await poll();
      assert.equal(model.surroundings.viewState, 'keyRefused');
    });

    it('keeps the rows while offline, with a row above them that says how old they are', async () => {
      bench.api.put(bench.session());
      await poll();
      bench.api.failure = unreachable;
      model.setVisible(true);
      await bench.clock.advance(5 * MINUTE);
      await poll();
      assert.equal(model.surroundings.viewState, 'content');
      assert.deepEqual(labels(model.roots()), ['Offline. As of 5 min ago', 'Running 1 late']);
      const [notice] = model.roots();
      assert.ok(notice);
      redraws.length = 0;
      await bench.clock.advance(MINUTE);
      assert.ok(
        redraws.some((redraw) => redraw !== 'all' && redraw.includes(notice)),
        'it ages, too',
      );
      bench.api.failure = undefined;
      await poll();
      assert.deepEqual(labels(model.roots()), ['Running 1 late']);
    });
  });

  describe('the tasks of a session', () => {
    it('are read when somebody looks, in their order, and drawn anew when they change', async () => {
      const session = bench.session({ current_task_id: 'b' });
      bench.api.put(session);
      bench.api.tasks = [
        sampleTask(session, { task_id: 'a', task_name: 'Design', status: 'failed', error_message: 'no idea' }),
        sampleTask(session, { task_id: 'b', task_name: 'Build', position: 1 }),
      ];
      await poll();
      const node = nodeOf(session.session_id);
      model.setVisible(true);
      const tasks = await model.childrenOf(node);
      assert.deepEqual(labels(tasks), ['Design failed · no idea', 'Build in progress · current']);
      assert.deepEqual(
        tasks.map((task) => model.rowOf(task)?.contextValue),
        ['task.failed', 'task.in_progress'],
      );
      assert.equal(tasks[0] && model.parentOf(tasks[0]), node);
      assert.equal((await model.childrenOf(node))[1], tasks[1], 'the same objects');
      bench.api.tasks = [sampleTask(session, { task_id: 'a', task_name: 'Design', status: 'completed' })];
      bench.api.change(session.session_id, { updated_at: bench.at(1) });
      redraws.length = 0;
      await poll();
      assert.ok(redraws.some((redraw) => redraw !== 'all' && redraw.includes(node)));
      assert.deepEqual(labels(await model.childrenOf(node)), ['Design completed']);
      bench.api.change(session.session_id, { status: 'completed', health: 'ended', updated_at: bench.at(2) });
      await poll();
      const [task] = await model.childrenOf(node);
      assert.equal(task && model.rowOf(task)?.contextValue, 'task.past.completed', 'nothing can be done to it');
    });

    it('are drawn anew when another one is the current one, though they are the same', async () => {
      const session = bench.session({ current_task_id: 'a' });
      bench.api.put(session);
      bench.api.tasks = [
        sampleTask(session, { task_id: 'a', task_name: 'Design' }),
        sampleTask(session, { task_id: 'b', task_name: 'Build', position: 1 }),
      ];
      await poll();
      const node = nodeOf(session.session_id);
      model.setVisible(true);
      assert.deepEqual(labels(await model.childrenOf(node)), ['Design in progress · current', 'Build in progress']);
      // What is asked for again goes to the tasks that were read before.
      lifecycle.trackers = [
        Object.assign(new FakeTracker('acme/shop', session.session_id), {
          currentTask: new FakeTask('Design', 'in_progress'),
        }),
      ];
      await poll();
      bench.api.change(session.session_id, { current_task_id: 'b', updated_at: bench.at(1) });
      redraws.length = 0;
      await poll();
      assert.ok(redraws.some((redraw) => redraw !== 'all' && redraw.includes(node)));
      assert.deepEqual(labels(await model.childrenOf(node)), ['Design in progress', 'Build in progress · current']);
      redraws.length = 0;
      await poll();
      assert.deepEqual(redraws, []);
    });

    it('are followed only while they are open and seen', async () => {
      const session = bench.session();
      bench.api.put(session);
      await poll();
      const node = nodeOf(session.session_id);
      await model.childrenOf(node);
      const readings = async () => {
        await bench.clock.advance(SECOND);
        bench.api.change(session.session_id, { updated_at: bench.at() });
        bench.api.takeAnswered();
        await poll();
        return bench.api.takeAnswered().filter((line) => line.includes('/api/tasks')).length;
      };
      assert.equal(await readings(), 0, 'the view is hidden');
      model.setVisible(true);
      assert.equal(await readings(), 1);
      model.setVisible(false);
      assert.equal(await readings(), 0);
      model.setVisible(true);
      assert.equal(await readings(), 1);
      model.setExpanded(node, false);
      assert.equal(await readings(), 0);
    });

    it('are missed without a fault: none yet, not to be read, or read before', async () => {
      const session = bench.session();
      bench.api.put(session);
      await poll();
      const node = nodeOf(session.session_id);
      bench.api.failure = unreachable;
      assert.match(labels(await model.childrenOf(node))[0] ?? '', /^The tasks could not be read: /);
      bench.api.failure = undefined;
      assert.deepEqual(labels(await model.childrenOf(node)), ['No tasks yet']);
      bench.api.tasks = [sampleTask(session)];
      bench.api.change(session.session_id, { updated_at: bench.at(1) });
      await poll();
      await model.childrenOf(node);
      bench.api.change(session.session_id, { updated_at: bench.at(2) });
      await poll();
      bench.api.failure = unreachable;
      assert.deepEqual(labels(await model.childrenOf(node)), ['Write the checkout in progress']);
    });
  });

  it('holds no rows, nodes or timers of what is gone', async () => {
    const session = bench.session();
    bench.api.put(session);
    await poll();
    const node = nodeOf(session.session_id);
    await model.childrenOf(node);
    bench.api.sessions = [];
    await poll();
    assert.equal(model.nodeOf(session.session_id), undefined);
    assert.equal(model.rowOf(node), undefined);
    model.setVisible(true);
    model.dispose();
    assert.equal(bench.clock.pendingTimers, 0);
  });
});
