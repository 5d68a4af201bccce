import assert from 'node:assert/strict';
import type { Session } from '@claude-projects/shared/client';
import { keyRefused, unreachable } from '../support/errors.ts';
import { sampleSession } from '../support/sample-session.ts';
import { CommandBench } from './support/bench.ts';
import { FakeTask, FakeTracker } from './support/fake-lifecycle.ts';
import { CLOSES } from './support/fake-ui.ts';

const KEY = '3b241101-e2bb-4255-8caf-4136c566a962';
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}/;
const failed = () => sampleSession({ status: 'failed', health: 'ended' });
const task = { task_id: 'a3cf0b0e-6d0c-4f0e-9d2e-6a5d0f5a8f11', session_id: 'that-session', task_name: 'build' };

describe('commands', () => {
  let bench: CommandBench;

  beforeEach(() => {
    bench = new CommandBench();
  });
  afterEach(() => assert.deepEqual(bench.ui.answers, [], 'a question that the test foresaw was not asked'));

  function own(...tasks: FakeTask[]): FakeTracker {
    const tracker = new FakeTracker();
    tracker.tasks = tasks;
    bench.lifecycle.trackers.push(tracker);
    return tracker;
  }
  const nothingWrong = () => assert.deepEqual(bench.notifier.messages, []);

  it('take a session by its id, as a row of the tree, and as the record itself', async () => {
    const session = failed();
    bench.sessions.list = [session];
    for (const args of [session.session_id, { session }, { sessionId: session.session_id }, session]) {
      bench.clipboard = '';
      await bench.run('claudeProjects.copySessionId', args);
      assert.equal(bench.clipboard, session.session_id);
    }
    nothingWrong();
  });

  it('refuse what names no session, without asking or calling anybody', async () => {
    for (const args of [7, '', {}, { session: {} }, { sessionId: 7 }]) {
      await bench.run('claudeProjects.deleteSession', args);
      assert.match(bench.notifier.last.message, /does not know/);
    }
    assert.deepEqual(bench.api.requests, []);
  });

  it('read a session the view does not have', async () => {
    const session = failed();
    bench.api.on(/^GET \/api\/sessions\//, () => session);
    await bench.run('claudeProjects.recoverSession', session.session_id);
    assert.deepEqual(bench.recovered, [session]);
  });

  it('offer the sessions that fit', async () => {
    const [alive, dead, recovered] = [sampleSession(), failed(), { ...failed(), recovered_by: 'another' }];
    bench.sessions.list = [alive, dead, recovered];
    bench.ui.answers.push('acme/shop');
    await bench.run('claudeProjects.recoverSession');
    assert.deepEqual(bench.ui.offered, [['acme/shop']]);
    assert.deepEqual(bench.recovered, [dead]);
  });

  it('tell sessions apart by slots that people gave, never by derived ones', async () => {
    bench.sessions.list = [3, 62_111].map((docker_slot) => ({ ...failed(), session_id: 'the-session', docker_slot }));
    bench.ui.answers.push('acme/shop');
    await bench.run('claudeProjects.recoverSession');
    assert.match(bench.ui.beside.join('\n'), /laptop, slot 3/);
    assert.doesNotMatch(bench.ui.beside.join('\n'), /62.?111/);
  });

  it('offer sessions by what they are about, never by an id', async () => {
    const [titled, onBranch, unnamed] = [
      { ...failed(), metadata: { title: 'Add a cart', branch: 'feature/cart' } },
      { ...failed(), metadata: { branch: 'feature/search' } },
      { ...failed(), current_task_id: task.task_id },
    ];
    bench.sessions.list = [titled, onBranch, unnamed];
    bench.ui.answers.push('feature/search');
    await bench.run('claudeProjects.recoverSession');
    assert.deepEqual(bench.ui.offered, [['Add a cart', 'feature/search', 'acme/shop']]);
    assert.match(bench.ui.shown, /^Add a cart \| failed \| acme\/shop · feature\/cart · laptop · last heartbeat /);
    assert.doesNotMatch(bench.ui.shown, UUID);
    assert.deepEqual(bench.recovered, [onBranch]);
  });

  it('offer the sessions of this window by what they are about, never by an id', async () => {
    const [one, other] = [own(), own()];
    one.title = 'Add a cart';
    bench.sessions.list = [sampleSession({ session_id: other.sessionId, metadata: { branch: 'feature/search' } })];
    bench.ui.answers.push('Add a cart');
    await bench.run('claudeProjects.completeSession');
    assert.deepEqual(bench.ui.offered, [['Add a cart', 'feature/search']]);
    assert.doesNotMatch(bench.ui.shown, UUID);
    assert.deepEqual(one.calls, ['complete']);
  });

  describe('of several rows that are selected', () => {
    const rowOf = (sessionId: string) => ({ kind: 'session', id: `session ${sessionId}`, sessionId });

    it('archive each of them', async () => {
      const [one, other] = [failed(), failed()];
      bench.sessions.list = [one, other];
      bench.api.on(/archive$/, () => one);
      const rows = [one, other].map(({ session_id }) => rowOf(session_id));
      const group = { kind: 'group', id: 'group health attention' };
      await bench.run('claudeProjects.archiveSession', rows[0], [group, ...rows]);
      assert.equal(bench.api.lines(/archive$/).length, 2);
      nothingWrong();
    });

    it('take the one that was clicked where it is not among them', async () => {
      const [one, other] = [failed(), failed()];
      bench.sessions.list = [one, other];
      await bench.run('claudeProjects.recoverSession', rowOf(one.session_id), [rowOf(other.session_id)]);
      assert.deepEqual(bench.recovered, [one]);
    });

    it('dismiss those that need attention, and undo it', async () => {
      const [one, other, alive] = [failed(), failed(), sampleSession()];
      bench.sessions.list = [one, other, alive];
      const rows = [one, other, alive].map(({ session_id }) => rowOf(session_id));
      await bench.run('claudeProjects.dismissSession', rows[0], rows);
      assert.deepEqual([...bench.dismissals.ids], [one.session_id, other.session_id]);
      assert.deepEqual(bench.notifier.messages, ['2 sessions dismissed.']);
      await bench.notifier.press('Undo');
      assert.deepEqual([...bench.dismissals.ids], []);
    });
  });

  it('dismiss what is older than a day at once, show it and restore it', async () => {
    const old = [failed(), failed()];
    bench.sessions.list = old;
    bench.dismissals.olderOnes = old;
    await bench.run('claudeProjects.dismissOlderSessions');
    assert.equal(bench.dismissals.ids.size, 2);
    await bench.run('claudeProjects.showDismissedSessions');
    assert.equal(bench.tree.filter, 'is:dismissed');
    await bench.run('claudeProjects.restoreDismissedSession', old[0]);
    assert.deepEqual([...bench.dismissals.ids], [old[1]?.session_id]);
    bench.dismissals.olderOnes = [];
    await bench.run('claudeProjects.dismissOlderSessions');
    assert.match(bench.notifier.last.message, /^No session has needed attention for more than a day/);
  });

  it('read the sessions first where none were read yet', async () => {
    const dead = failed();
    bench.sessions.afterRefresh = [dead];
    bench.api.on(/^GET \/api\/sessions$/, () => ({ sessions: [dead], total: 1, limit: 1, offset: 0 }));
    bench.ui.answers.push(CLOSES);
    await bench.run('claudeProjects.recoverSession');
    nothingWrong();
    assert.equal(bench.sessions.refreshed, 1);
  });

  it('read the sessions first where nothing is known but what this window does itself', async () => {
    const tracker = own();
    const [mine, dead] = [sampleSession({ session_id: tracker.sessionId }), failed()];
    bench.sessions.list = [mine];
    bench.sessions.onlyOwn = true;
    bench.sessions.afterRefresh = [mine, dead];
    bench.ui.answers.push(CLOSES);
    await bench.run('claudeProjects.showSessionDetails');
    nothingWrong();
    assert.equal(bench.ui.offered[0]?.length, 2);
  });

  it('offer what this window does itself while the API is away', async () => {
    const tracker = own();
    const mine = sampleSession({ session_id: tracker.sessionId });
    bench.sessions.list = [mine];
    bench.sessions.onlyOwn = true;
    bench.ui.answers.push(mine.project_id, 'It hangs');
    await bench.run('claudeProjects.markSessionFailed');
    nothingWrong();
    assert.deepEqual(tracker.calls, ['fail It hangs']);
  });

  it('say that the API is away, not that there are no sessions', async () => {
    bench.api.on(/^GET \/api\/sessions$/, () => {
      throw unreachable();
    });
    await bench.run('claudeProjects.recoverSession');
    assert.match(bench.notifier.last.message, /cannot be reached/);
  });

  it('say so where no session fits', async () => {
    bench.sessions.list = [sampleSession()];
    await bench.run('claudeProjects.archiveSession');
    assert.match(bench.notifier.last.message, /No session has ended/);
  });

  describe('start a session', () => {
    it('of the project that is open', async () => {
      await bench.run('claudeProjects.startSession');
      assert.deepEqual(bench.lifecycle.started, [{}]);
      assert.equal(bench.tree.revealed.length, 1);
    });
    it('as told', async () => {
      await bench.run('claudeProjects.startSession', { projectId: 'acme/web', dockerSlot: 2 });
      assert.deepEqual(bench.lifecycle.started, [{ projectId: 'acme/web', dockerSlot: 2 }]);
    });
    it('beside one that is tracked', async () => {
      own();
      await bench.run('claudeProjects.startSession');
      assert.deepEqual(bench.lifecycle.started, [{}]);
    });
    it('in the folder that is edited, or that the user picks where there are several', async () => {
      bench.folders.push({ name: 'web', path: '/web' });
      bench.ui.answers.push('web');
      await bench.run('claudeProjects.startSession');
      bench.activeFolder = { name: 'shop', path: '/shop' };
      await bench.run('claudeProjects.startSession');
      assert.deepEqual(bench.lifecycle.started, [{ folder: '/web' }, { folder: '/shop' }]);
    });
    it('not where the lifecycle refuses', async () => {
      bench.lifecycle.answer = { ok: false, problem: { code: 'full', message: '' } };
      await bench.run('claudeProjects.startSession');
      assert.match(bench.notifier.last.message, /Thousands/);
    });
  });

  describe('complete a session', () => {
    it('of this window through its lifecycle, which needs no API', async () => {
      const tracker = own();
      await bench.run('claudeProjects.completeSession');
      await bench.run('claudeProjects.completeSession', tracker.sessionId);
      assert.deepEqual(tracker.calls, ['complete', 'complete']);
      assert.deepEqual(bench.api.requests, []);
      assert.equal(bench.sessions.refreshed, 0);
    });
    it('of another window only after a question', async () => {
      const session = sampleSession();
      bench.sessions.list = [session];
      bench.api.on(/^GET \/api\/tasks$/, () => ({ tasks: [], total: 0, limit: 200, offset: 0 }));
      bench.ui.answers.push(CLOSES);
      await bench.run('claudeProjects.completeSession', session.session_id);
      assert.deepEqual(bench.api.lines(/^PATCH/), []);
      bench.api.on(/^PATCH/, () => ({ ...session, status: 'completed' }));
      bench.ui.answers.push('Complete');
      await bench.run('claudeProjects.completeSession', session.session_id);
      assert.deepEqual(
        bench.api.requests.flatMap(({ body }) => body ?? []),
        [{ status: 'completed' }],
      );
    });
    it('of this window asks once what happens to its unfinished tasks', async () => {
      const [doing, waiting, blocked] = [
        new FakeTask('build', 'in_progress'),
        new FakeTask('ship', 'pending'),
        new FakeTask('sign', 'blocked'),
      ];
      const tracker = own(new FakeTask('plan', 'completed'), doing, waiting, blocked);
      const calls = () => [doing, waiting, blocked].map(({ calls }) => calls.join());

      bench.ui.answers.push(CLOSES);
      await bench.run('claudeProjects.completeSession');
      assert.deepEqual([calls(), tracker.calls], [['', '', ''], []]);
      assert.match(bench.ui.details.join(), /^Unfinished: build, ship, sign$/m);
      assert.doesNotMatch(bench.ui.details.join(), /plan/);

      bench.ui.answers.push('Leave Tasks Unfinished');
      await bench.run('claudeProjects.completeSession', tracker.sessionId);
      assert.deepEqual([calls(), tracker.calls], [['', '', ''], ['complete']]);

      bench.ui.answers.push('Complete Tasks Too');
      await bench.run('claudeProjects.completeSession', tracker.sessionId);
      assert.deepEqual(calls(), ['complete', 'complete', 'start,complete']);
      assert.deepEqual(tracker.calls, ['complete', 'complete']);
      assert.deepEqual(bench.ui.asked.length, 3, 'one question each time');
    });
    it('of this window ends it also where its agent finishes a task during the question', async () => {
      const [done, doing] = [new FakeTask('build', 'in_progress'), new FakeTask('ship', 'in_progress')];
      const tracker = own(done, doing);
      bench.ui.answers.push('Complete Tasks Too');
      bench.ui.duringQuestion = () => {
        done.status = 'completed';
      };
      await bench.run('claudeProjects.completeSession');
      nothingWrong();
      assert.deepEqual([done.calls, doing.calls, tracker.calls], [[], ['complete'], ['complete']]);
    });
    it('of another window asks once, with the unfinished tasks in the question', async () => {
      const session = sampleSession();
      bench.sessions.list = [session];
      const record = (task_name: string, status: string, at: number) => ({
        ...task,
        task_id: `a3cf0b0e-6d0c-4f0e-9d2e-6a5d0f5a8f1${at}`,
        session_id: session.session_id,
        project_id: session.project_id,
        task_name,
        github_issue_id: null,
        status,
        position: at,
        started_at: null,
        completed_at: null,
        error_message: null,
        metadata: {},
        created_at: session.created_at,
        updated_at: session.created_at,
      });
      const tasks = [record('plan', 'completed', 0), record('build', 'in_progress', 1), record('sign', 'blocked', 2)];
      bench.api.on(/^GET \/api\/tasks$/, () => ({ tasks, total: 3, limit: 200, offset: 0 }));
      bench.api.on(/^PATCH \/api\/tasks/, () => tasks[1]);
      bench.api.on(/^PATCH \/api\/sessions/, () => ({ ...session, status: 'completed' }));
      bench.ui.answers.push('Complete Tasks Too');
      await bench.run('claudeProjects.completeSession', session.session_id);
      nothingWrong();
      assert.equal(bench.ui.asked.length, 1);
      assert.match(bench.ui.details.join(), /^Unfinished: build, sign$/m);
      assert.match(bench.ui.details.join(), /does not track it/);
      assert.deepEqual(
        bench.api.lines(/^PATCH/).map(({ line }) => line.replace(/.*\/api\/(\w+).*/, '$1')),
        ['tasks', 'tasks', 'tasks', 'sessions'],
      );
    });
    it('only where there is one', async () => {
      await bench.run('claudeProjects.completeSession');
      assert.equal(bench.notifier.labels()[0], 'Start Session');
    });
  });

  it('ask which of several sessions of this window is meant', async () => {
    own();
    bench.lifecycle.trackers.push(new FakeTracker('acme/web'));
    bench.ui.answers.push('acme/web');
    await bench.run('claudeProjects.completeSession');
    assert.deepEqual(
      bench.lifecycle.trackers.map(({ calls }) => calls),
      [[], ['complete']],
    );
  });

  it('mark a session as failed, this window’s through its lifecycle and another one through the API', async () => {
    const tracker = own();
    const [mine, other] = [sampleSession({ session_id: tracker.sessionId }), sampleSession()];
    bench.sessions.list = [mine, other];
    bench.api.on(/^POST .*\/mark-failed$/, () => ({ ...other, status: 'failed' }));
    bench.ui.answers.push(' it hangs ', 'it is gone');
    await bench.run('claudeProjects.markSessionFailed', mine);
    await bench.run('claudeProjects.markSessionFailed', other);
    nothingWrong();
    assert.deepEqual(tracker.calls, ['fail it hangs']);
    assert.deepEqual(
      bench.api.requests.map(({ body }) => body),
      [{ error_message: 'it is gone' }],
    );
  });

  describe('for tasks', () => {
    it('start a new one', async () => {
      const tracker = own();
      bench.ui.answers.push('build it');
      await bench.run('claudeProjects.startTask');
      assert.deepEqual(tracker.calls, ['startTask build it']);
    });

    it('start one that waits, as after a recovery', async () => {
      const waiting = new FakeTask('build', 'pending');
      own(new FakeTask('plan', 'completed'), waiting);
      bench.ui.answers.push('build');
      await bench.run('claudeProjects.startTask');
      assert.deepEqual(bench.ui.offered, [['build']]);
      assert.deepEqual(waiting.calls, ['start']);
    });

    it('start a new one whose name is typed where the waiting ones are offered', async () => {
      const waiting = new FakeTask('build', 'blocked');
      const tracker = own(waiting);
      bench.ui.answers.push(' ship it ');
      await bench.run('claudeProjects.startTask');
      assert.deepEqual(bench.ui.offered, [['build'], ['Start “ship it”']]);
      assert.deepEqual([tracker.calls, waiting.calls], [['startTask ship it'], []]);
    });

    it('create one in a session of another window, under an id made here', async () => {
      const session = sampleSession();
      bench.sessions.list = [session];
      const reply = {
        ...task,
        project_id: session.project_id,
        github_issue_id: null,
        status: 'in_progress',
        position: 0,
        started_at: null,
        completed_at: null,
        error_message: null,
        metadata: {},
        created_at: session.created_at,
        updated_at: session.created_at,
      };
      bench.api.on(/\/api\/tasks/, () => reply);
      bench.ui.answers.push('build');
      await bench.run('claudeProjects.startTask', session);
      nothingWrong();
      const [create, update] = bench.api.requests;
      assert.match(create?.line ?? '', /^POST \/api\/tasks$/);
      assert.match(update?.line ?? '', /^PATCH \/api\/tasks\/[0-9a-f-]{36}$/);
      assert.deepEqual(update?.body, { session_id: session.session_id, status: 'in_progress' });
    });

    it('complete, fail and block one of this window by its row in the tree', async () => {
      const running = new FakeTask('build', 'in_progress');
      own(running);
      const row = { task: { ...task, task_id: running.taskId } };
      bench.ui.answers.push('it broke', '');
      await bench.run('claudeProjects.completeTask', row);
      await bench.run('claudeProjects.failTask', row);
      await bench.run('claudeProjects.blockTask', row);
      await bench.run('claudeProjects.startTask', row);
      nothingWrong();
      assert.deepEqual(running.calls, ['complete', 'fail it broke', 'block undefined', 'start']);
    });

    it('change one of another window with the session it is thought to be in', async () => {
      bench.api.on(/^PATCH/, () => {
        throw unreachable();
      });
      bench.ui.answers.push('it broke', 'the review');
      await bench.run('claudeProjects.completeTask', task);
      await bench.run('claudeProjects.failTask', task);
      await bench.run('claudeProjects.blockTask', task);
      const { session_id } = task;
      assert.deepEqual(
        bench.api.requests.map(({ body }) => body),
        [
          { status: 'completed', session_id },
          { status: 'failed', error_message: 'it broke', session_id },
          { status: 'blocked', metadata: { block_reason: 'the review' }, session_id },
        ],
      );
    });

    it('offer those that fit, and say so where none does', async () => {
      const running = new FakeTask('build', 'in_progress');
      own(new FakeTask('plan', 'completed'), running, new FakeTask('ship', 'pending'));
      bench.ui.answers.push('build', 'it broke');
      await bench.run('claudeProjects.failTask');
      assert.deepEqual(bench.ui.offered, [['build']]);
      assert.deepEqual(running.calls, ['fail it broke']);
      bench.lifecycle.trackers = [];
      own(new FakeTask('plan', 'completed'));
      await bench.run('claudeProjects.completeTask');
      assert.match(bench.notifier.last.message, /No task/);
    });
  });

  it('name every state in words, beside whatever there is to pick from', async () => {
    const statuses: readonly Session['status'][] = ['active', 'paused', 'stalled', 'failed', 'completed'];
    const healths: readonly Session['health'][] = ['healthy', 'late', 'stalled', 'waiting', 'paused', 'ended'];
    bench.sessions.list = statuses.flatMap((status) => healths.map((health) => sampleSession({ status, health })));
    bench.ui.answers.push(CLOSES);
    await bench.run('claudeProjects.copySessionId');
    const states = ['pending', 'in_progress', 'blocked'] as const;
    for (const command of ['startTask', 'completeTask', 'blockTask'] as const) {
      bench.lifecycle.trackers = [];
      own(...states.map((status) => new FakeTask('build', status)));
      bench.ui.answers.push(CLOSES);
      await bench.run(`claudeProjects.${command}`);
    }
    nothingWrong();
    assert.ok(bench.ui.beside.length > 30);
    assert.doesNotMatch(bench.ui.beside.join('\n'), /[a-z]_[a-z]|\bhealthy\b|\bactive\b|\bended\b|^waiting /m);
  });

  it('archive', async () => {
    const session = failed();
    bench.sessions.list = [session];
    const archived = { ...session, archived_at: session.updated_at };
    bench.api.on(/^POST .*\/archive$/, () => archived);
    await bench.run('claudeProjects.archiveSession', session.session_id);
    assert.equal(bench.api.lines(/archive$/).length, 1);
    assert.deepEqual(bench.sessions.learned, [{ kind: 'session', session: archived }]);
  });

  describe('delete', () => {
    it('after a question that names what goes', async () => {
      const session = failed();
      bench.sessions.list = [session];
      bench.ui.answers.push(CLOSES);
      await bench.run('claudeProjects.deleteSession', session);
      assert.deepEqual(bench.api.requests, []);
      assert.match(bench.ui.details.join(), /This permanently deletes the session and all its tasks/);
      bench.api.on(/^DELETE/, () => '');
      bench.ui.answers.push('Delete');
      await bench.run('claudeProjects.deleteSession', session);
      assert.equal(bench.api.lines(/^DELETE/).length, 1);
    });
    it('not what this window tracks', async () => {
      const tracker = own();
      const session = sampleSession({ session_id: tracker.sessionId });
      bench.sessions.list = [session];
      await bench.run('claudeProjects.deleteSession', session);
      assert.equal(bench.notifier.labels()[0], 'Complete Session');
      assert.deepEqual(bench.api.requests, []);
    });
  });

  it('refresh, load more, filter and group what the view shows', async () => {
    await bench.run('claudeProjects.refreshSessions');
    await bench.run('claudeProjects.loadMoreSessions');
    assert.deepEqual(bench.ui.progressed, ['in the view', 'in the view']);
    bench.ui.answers.push(' shop ', 'Machine');
    await bench.run('claudeProjects.filterSessions');
    await bench.run('claudeProjects.groupSessionsBy');
    await bench.run('claudeProjects.groupSessionsBy', 'project');
    assert.deepEqual([bench.sessions.refreshed, bench.tree.loadedMore, bench.tree.filter], [1, 1, 'shop']);
    assert.deepEqual(bench.updated, [
      ['groupBy', 'machine'],
      ['groupBy', 'project'],
    ]);
    await bench.run('claudeProjects.clearFilter');
    assert.equal(bench.tree.filter, '');
    bench.ui.answers.push('web');
    await bench.run('claudeProjects.changeFilter');
    assert.equal(bench.tree.filter, 'web');
    await bench.run('claudeProjects.filterSessions', '');
    assert.equal(bench.tree.filter, '');
    await bench.run('claudeProjects.groupSessionsBy', 'colour');
    assert.equal(bench.updated.length, 2);
  });

  it('show the page of a session, also of one that the view does not know', async () => {
    const [known, other] = [sampleSession(), sampleSession()];
    bench.sessions.list = [known];
    bench.api.on(/^GET \/api\/sessions\//, () => other);
    await bench.run('claudeProjects.showSessionDetails', known.session_id);
    await bench.run('claudeProjects.showSessionDetails', other.session_id);
    assert.deepEqual(bench.shown, [known, other]);
  });

  describe('set the API key', () => {
    const summary = {
      total_sessions: 7,
      active_sessions: 7,
      paused_sessions: 0,
      stalled_sessions: 0,
      failed_sessions: 0,
      completed_sessions: 0,
      last_updated: '2026-03-01T09:00:00.000Z',
    };

    it('and tell that the API takes it', async () => {
      bench.api.on(/health$/, () => summary);
      bench.ui.answers.push(KEY);
      await bench.run('claudeProjects.setApiKey');
      assert.equal(bench.storedKey, KEY);
      assert.match(bench.notifier.last.message, /accepts the API key. Sessions there: 7\./);
    });
    it('and leave it to the notice about the connection that the API refuses it', async () => {
      bench.api.on(/health$/, () => {
        throw keyRefused();
      });
      bench.ui.answers.push(KEY);
      await bench.run('claudeProjects.setApiKey');
      assert.equal(bench.storedKey, KEY);
      assert.equal(bench.deps.connection.state.kind, 'key-refused');
      // The state of the connection has a notice of its own.
      nothingWrong();
      assert.match(bench.log.lines.join(), /refused the key/);
    });
    it('and say when it is not used', async () => {
      bench = new CommandBench(undefined, { serverMode: 'local' });
      bench.ui.answers.push(KEY);
      await bench.run('claudeProjects.setApiKey');
      assert.equal(bench.storedKey, KEY);
      assert.match(bench.notifier.last.message, /not used/);
      assert.deepEqual(bench.api.requests, []);
    });
    it('or leave it at that', async () => {
      bench.ui.answers.push(CLOSES);
      await bench.run('claudeProjects.setApiKey');
      assert.equal(bench.storedKey, undefined);
      nothingWrong();
    });
    it('without a word of it in the log', async () => {
      bench.api.on(/health$/, () => {
        throw keyRefused();
      });
      bench.ui.answers.push(KEY);
      await bench.run('claudeProjects.setApiKey');
      assert.doesNotMatch(bench.log.lines.join('\n') + bench.notifier.messages.join('\n'), new RegExp(KEY));
    });
  });

  it('clear the API key after a question', async () => {
    await bench.run('claudeProjects.clearApiKey');
    assert.match(bench.notifier.last.message, /No API key is stored/);
    await bench.deps.keys.set(KEY);
    bench.ui.answers.push('Forget');
    await bench.run('claudeProjects.clearApiKey');
    assert.equal(bench.storedKey, undefined);
  });

  it('restart the local server, where one is in use', async () => {
    await bench.run('claudeProjects.restartLocalServer');
    assert.equal(bench.restarts, 1);
    // The remote one, by the endpoint of the bench.
    bench.api.on(/sessions$/, () => ({ sessions: [], total: 0, limit: 1, offset: 0 }));
    await bench.deps.connection.call((client) => client.listSessions());
    await bench.run('claudeProjects.restartLocalServer');
    assert.equal(bench.restarts, 1);
    assert.match(bench.notifier.last.message, /No local server is in use/);
  });

  it('show the log, the settings and the walkthrough', async () => {
    await bench.run('claudeProjects.showLog');
    await bench.run('claudeProjects.openSettings');
    await bench.run('claudeProjects.openWalkthrough');
    nothingWrong();
    assert.deepEqual(bench.ran, [
      ['the log is shown'],
      ['workbench.action.openSettings', '@ext:claude-projects.claude-projects'],
      ['workbench.action.openWalkthrough', 'claude-projects.claude-projects#start', false],
    ]);
  });

  it('run the demo, and say what to do next', async () => {
    await bench.run('claudeProjects.runDemoOrchestration');
    assert.deepEqual(bench.ui.progressed, ['Demo orchestration']);
    assert.equal(bench.notifier.last.severity, 'info');
    assert.deepEqual(bench.notifier.labels(), ['Connect Claude Code', 'Open Walkthrough']);
    await bench.notifier.press('Connect Claude Code');
    assert.deepEqual(bench.ran, [['claudeProjects.connectClaudeCode']]);
  });

  it('say nothing about a demo that was stopped', async () => {
    bench.ui.duringProgress = (abort) => abort.abort();
    await bench.run('claudeProjects.runDemoOrchestration');
    nothingWrong();
  });
});
