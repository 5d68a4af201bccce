import assert from 'node:assert/strict';
import { type Session, TimeoutError } from '@claude-projects/shared/client';
import { isDerivedSlot } from '@claude-projects/shared/contract';
import { Cancelled } from '../../src/commands/cancelled.ts';
import { Refusal } from '../../src/commands/refusal.ts';
import type { Connection } from '../../src/connection/connection.ts';
import { FakeTask, FakeTracker } from '../commands/support/fake-lifecycle.ts';
import { CLOSES } from '../commands/support/fake-ui.ts';
import { type InProcessApi, startInProcessApi } from './support/in-process-api.ts';
import { RecoveryBench } from './support/recovery-bench.ts';

describe('recovering a session through the real API', function () {
  this.timeout(30_000);

  let api: InProcessApi;
  let connection: Pick<Connection, 'call'>;
  const never = new AbortController().signal;
  let projects = 0;

  before(async () => {
    api = await startInProcessApi({ maxRecoveryAttempts: 1 });
    connection = { call: (run, signal = never) => run(api.client, signal) };
  });
  after(() => api.close());

  async function deadSession(): Promise<Session> {
    projects += 1;
    const { session_id, project_id } = await api.client.createSession({
      project_id: `acme/shop-${projects}`,
      machine_id: 'dead-machine',
    });
    const task = async (task_name: string, ...states: ('in_progress' | 'completed')[]) => {
      const { task_id } = await api.client.createTask({ session_id, project_id, task_name });
      for (const status of states) await api.client.updateTask(task_id, { status });
    };
    await task('plan', 'in_progress', 'completed');
    await task('build', 'in_progress');
    await task('ship');
    return api.client.markSessionFailed(session_id, { error_message: 'the power went' });
  }

  it('shows what will happen, and then this window owns the successor', async () => {
    const bench = new RecoveryBench(connection, 'here', 4);
    const original = await deadSession();
    bench.ui.answers.push('Recover');
    await bench.recovery.recover(original);

    assert.deepEqual(bench.ui.details, [
      [
        'Finished last: plan',
        'To do again: build',
        'Still to do: ship',
        'A new session in this window takes over the tasks. No task starts by itself: you start each one.',
      ].join('\n'),
    ]);
    const [adopted] = bench.lifecycle.adopted;
    assert.ok(adopted);
    const successor = await api.client.getSession(adopted.session_id);
    assert.deepEqual(
      [successor.machine_id, successor.docker_slot, successor.status, successor.recovered_from],
      ['here', 4, 'active', original.session_id],
    );
    assert.equal((await api.client.getSession(original.session_id)).recovered_by, successor.session_id);
    assert.notEqual((await api.client.getRecoveryState(original.session_id)).recovery_prepared_at, null);
    assert.deepEqual(bench.tree.revealed, [successor.session_id]);
    assert.deepEqual(
      bench.sessions.learned.map((learned) => learned.kind === 'session' && learned.session.session_id),
      [successor.session_id],
    );
    assert.equal(
      bench.notifier.last.message,
      `The session of ${original.project_id} is recovered. No task starts by itself: start a task when you are ready.`,
    );
    assert.deepEqual(bench.notifier.labels(), ['Start Task', 'Show Session']);
  });

  it('says that no task runs yet, and offers to start the first pending task', async () => {
    const bench = new RecoveryBench(connection, 'here-next', 5);
    const original = await deadSession();
    const [first, second] = [new FakeTask('build', 'pending'), new FakeTask('ship', 'pending')];
    bench.lifecycle.adoptedTasks = [new FakeTask('plan', 'completed'), first, second, new FakeTask('sign', 'blocked')];
    bench.ui.answers.push('Recover');
    await bench.recovery.recover(original);
    assert.equal(
      bench.notifier.last.message,
      `The session of ${original.project_id} is recovered. No task starts by itself. Pending tasks: build, ship`,
    );
    assert.deepEqual(bench.notifier.labels(), ['Start “build”', 'Show Session']);
    await bench.notifier.press('Start “build”');
    const session_id = bench.lifecycle.adopted[0]?.session_id;
    assert.deepEqual(bench.ran, [
      ['claudeProjects.startTask', { task_id: first.taskId, session_id, task_name: 'build' }],
    ]);
  });

  it('says that a terminal opens for a conversation of Claude Code that is on this machine', async () => {
    const bench = new RecoveryBench(connection, 'here-claude', 6);
    bench.conversation = 'here';
    bench.lifecycle.adoptedTasks = [new FakeTask('build', 'pending')];
    const original = await deadSession();
    bench.ui.answers.push('Recover');
    await bench.recovery.recover(original);
    assert.match(
      bench.ui.details.join(),
      /^A new terminal opens\. Claude Code resumes the conversation there, is told this plan and continues/m,
    );
    assert.doesNotMatch(bench.ui.details.join(), /you start each one/);
    assert.equal(
      bench.notifier.last.message,
      `The session of ${original.project_id} is recovered. Claude Code continues in a terminal. Remaining tasks: build`,
    );
    assert.deepEqual(bench.notifier.labels(), ['Show Terminal', 'Show Session']);
    const successor = bench.lifecycle.adopted[0]?.session_id ?? '';
    const names = bench.recovery.planOf(successor)?.failed_tasks.map(({ task_name }) => task_name);
    assert.deepEqual(names, ['build'], 'Claude Code is told the plan that was shown');
  });

  describe('together with others', () => {
    it('asks nothing, and says what became of all of them', async () => {
      const bench = new RecoveryBench(connection, 'together');
      const [one, other] = [await deadSession(), await deadSession()];
      await bench.recovery.recoverTogether([one.session_id, other.session_id]);
      assert.deepEqual(
        bench.lifecycle.adopted.map(({ recovered_from }) => recovered_from),
        [one.session_id, other.session_id],
      );
      const plans = bench.lifecycle.adopted.map(({ session_id }) => bench.recovery.planOf(session_id)?.session_id);
      assert.deepEqual(plans, [one.session_id, other.session_id], 'Claude Code is told what is left of each');
      assert.deepEqual(bench.notifier.messages, [
        '2 sessions are recovered. Claude Code continues in a terminal for each.',
      ]);
    });

    it('leaves those that ended well, or that somebody else recovered', async () => {
      const bench = new RecoveryBench(connection, 'together-but');
      const [dead, taken] = [await deadSession(), await deadSession()];
      await api.client.recoverSession(taken.session_id, { new_machine_id: 'early' });
      const done = await api.client.createSession({ project_id: 'acme/done', machine_id: 'there' });
      await api.client.updateSession(done.session_id, { status: 'completed' });
      await bench.recovery.recoverTogether([taken.session_id, done.session_id, dead.session_id]);
      assert.equal(bench.lifecycle.adopted.length, 1);
      assert.match(bench.notifier.last.message, /^1 of 3 sessions were recovered\./);
      await bench.notifier.press('Show Sessions');
      assert.deepEqual(bench.ran, [['claudeProjects.sessions.focus']]);
    });

    it('ends where the user cancels it', async () => {
      const bench = new RecoveryBench(connection, 'together-not');
      const dead = await deadSession();
      bench.ui.duringProgress = (abort) => abort.abort();
      await bench.recovery.recoverTogether([dead.session_id]);
      assert.equal((await api.client.getSession(dead.session_id)).recovered_by, null);
    });
  });

  it('says that a conversation of Claude Code on another machine cannot be resumed', async () => {
    const bench = new RecoveryBench(connection, 'here-no-claude', 7);
    bench.conversation = 'elsewhere';
    const original = await deadSession();
    bench.ui.answers.push('Recover');
    await bench.recovery.recover(original);
    assert.match(bench.ui.details.join(), /conversation of Claude Code is not on this machine/);
    assert.doesNotMatch(bench.notifier.messages.join(), /terminal/);
  });

  it('does nothing when the user thinks better of it', async () => {
    const bench = new RecoveryBench(connection, 'here');
    const original = await deadSession();
    bench.ui.answers.push(CLOSES);
    await assert.rejects(bench.recovery.recover(original), Cancelled);
    assert.deepEqual(await api.client.getSession(original.session_id), original);
    assert.deepEqual(bench.lifecycle.adopted, []);
  });

  it('does nothing when it is cancelled while it prepares', async () => {
    const bench = new RecoveryBench(connection, 'here');
    const original = await deadSession();
    bench.ui.answers.push('Recover');
    bench.ui.duringProgress = (abort) => {
      // The first one reads the state.
      if (bench.ui.progressed.length === 2) abort.abort();
    };
    await assert.rejects(bench.recovery.recover(original));
    assert.equal((await api.client.getSession(original.session_id)).recovered_by, null);
    assert.deepEqual(bench.lifecycle.adopted, []);
  });

  it('adopts once when the user does it twice', async () => {
    const bench = new RecoveryBench(connection, 'here-twice');
    const original = await deadSession();
    bench.ui.answers.push('Recover');
    await bench.recovery.recover(original);
    await bench.recovery.recover(original);
    assert.equal(bench.lifecycle.adopted.length, 1);
    assert.match(bench.notifier.last.message, /was already recovered\. This window keeps it alive/);
  });

  it('asks and adopts once when the user asks for it in two places at a time', async () => {
    const bench = new RecoveryBench(connection, 'here-at-once');
    const original = await deadSession();
    bench.ui.answers.push('Recover');
    await Promise.all([bench.recovery.recover(original), bench.recovery.recover(original)]);
    assert.equal(bench.lifecycle.adopted.length, 1);
    assert.equal(bench.notifier.notices.length, 1);
  });

  it('tells which machine was first, shows its session and does not adopt it', async () => {
    const [here, there] = [new RecoveryBench(connection, 'here'), new RecoveryBench(connection, 'there')];
    const original = await deadSession();
    here.ui.answers.push('Recover');
    there.ui.answers.push('Recover');
    await Promise.all([here.recovery.recover(original), there.recovery.recover(original)]);

    const { recovered_by } = await api.client.getSession(original.session_id);
    const winner = await api.client.getSession(recovered_by ?? '');
    const [won, lost] = winner.machine_id === 'here' ? [here, there] : [there, here];
    assert.deepEqual(
      won.lifecycle.adopted.map(({ session_id }) => session_id),
      [winner.session_id],
    );
    assert.deepEqual(lost.lifecycle.adopted, []);
    assert.deepEqual(lost.tree.revealed, [winner.session_id]);
    assert.equal(
      lost.notifier.last.message,
      `${winner.machine_id} recovered the session of ${original.project_id} first. The session continues there.`,
    );
    await lost.notifier.press('Show Session');
    assert.deepEqual(lost.ran, [['claudeProjects.showSessionDetails', winner.session_id]]);
  });

  it('asks nothing where it was recovered before', async () => {
    const bench = new RecoveryBench(connection, 'late');
    const original = await deadSession();
    await api.client.recoverSession(original.session_id, { new_machine_id: 'early' });
    await bench.recovery.recover(original);
    assert.deepEqual(bench.ui.asked, []);
    assert.deepEqual(bench.lifecycle.adopted, []);
    assert.match(bench.notifier.last.message, /^early recovered/);
  });

  it('leaves a successor of this machine to the window that made it', async () => {
    const bench = new RecoveryBench(connection, 'shared-machine');
    const original = await deadSession();
    await api.client.recoverSession(original.session_id, { new_machine_id: 'shared-machine' });
    await bench.recovery.recover(original);
    assert.deepEqual(bench.lifecycle.adopted, []);
    assert.match(bench.notifier.last.message, /already recovered on this machine/);
  });

  it('offers to go beyond the limit, and then does', async () => {
    const bench = new RecoveryBench(connection, 'here-again');
    const original = await deadSession();
    const second = await api.client.recoverSession(original.session_id, { new_machine_id: 'unlucky' });
    const dead = await api.client.markSessionFailed(second.session_id, { error_message: 'again' });
    bench.ui.answers.push('Recover Anyway');
    await bench.recovery.recover(dead);
    assert.match(bench.ui.asked.join(), /keeps dying/);
    assert.equal(bench.lifecycle.adopted.length, 1);
  });

  it('does not go beyond the limit unasked', async () => {
    const bench = new RecoveryBench(connection, 'here-again');
    const original = await deadSession();
    const second = await api.client.recoverSession(original.session_id, { new_machine_id: 'unlucky' });
    const dead = await api.client.markSessionFailed(second.session_id, { error_message: 'again' });
    bench.ui.answers.push(CLOSES);
    await assert.rejects(bench.recovery.recover(dead), Cancelled);
    assert.equal((await api.client.getSession(dead.session_id)).recovered_by, null);
  });

  it('says what to do about a session that is alive', async () => {
    const bench = new RecoveryBench(connection, 'here');
    const alive = await api.client.createSession({ project_id: 'acme/alive', machine_id: 'there' });
    await assert.rejects(bench.recovery.recover(alive), (error) => {
      assert.ok(error instanceof Refusal);
      assert.match(error.message, /is alive/);
      assert.deepEqual(error.steps[0]?.args, [alive.session_id]);
      return true;
    });
  });

  it('refuses what this window keeps alive itself, without asking the API', async () => {
    const bench = new RecoveryBench({ call: () => assert.fail('a call left') }, 'here');
    const original = await deadSession();
    bench.lifecycle.trackers.push(new FakeTracker(original.project_id, original.session_id));
    await assert.rejects(bench.recovery.recover(original), Refusal);
  });

  it('takes a free place where this window, or another, has one in the same folder', async () => {
    const bench = new RecoveryBench(connection, 'busy');
    const original = await deadSession();
    const holder = await api.client.createSession({ project_id: original.project_id, machine_id: 'busy' });
    bench.lifecycle.trackers.push(new FakeTracker(original.project_id, holder.session_id));
    bench.ui.answers.push('Recover');
    await bench.recovery.recover(original);
    const [adopted] = bench.lifecycle.adopted;
    assert.ok(adopted && isDerivedSlot(adopted.docker_slot));
    assert.equal((await api.client.getSession(holder.session_id)).status, 'active');
    assert.ok(!bench.notifier.messages.join().includes(String(adopted.docker_slot)));
  });

  it('brings back all of several dead sessions of one folder, each to the place it had', async () => {
    const bench = new RecoveryBench(connection, 'crowded');
    const place = { project_id: 'acme/crowded', machine_id: 'crowded' };
    const slots = [undefined, 60_017, 65_535];
    const dead: Session[] = [];
    for (const slot of slots) {
      const session = await api.client.createSession({ ...place, ...(slot !== undefined && { docker_slot: slot }) });
      dead.push(await api.client.markSessionFailed(session.session_id, { error_message: 'the power went' }));
    }
    // Somebody else took the last one's meanwhile: the ring begins anew behind it.
    await api.client.createSession({ project_id: 'acme/other', machine_id: 'crowded', docker_slot: 65_535 });
    for (const session of dead) {
      bench.ui.answers.push('Recover');
      await bench.recovery.recover(session);
    }
    assert.deepEqual(
      bench.lifecycle.adopted.map(({ docker_slot }) => docker_slot),
      [null, 60_017, 60_000],
    );
  });

  it('names what each of several sessions of one project is about, wherever it goes on', async () => {
    const bench = new RecoveryBench(connection, 'named');
    const project_id = 'acme/named';
    const dieOf = async (title: string) => {
      const request = { project_id, machine_id: 'named', docker_slot: 60_100 + title.length, metadata: { title } };
      const { session_id } = await api.client.createSession(request);
      return api.client.markSessionFailed(session_id, { error_message: 'the power went' });
    };
    const [here, held, away] = [await dieOf('Cart'), await dieOf('Search'), await dieOf('Checkout')];
    const recover = async (session: Session) => {
      bench.ui.answers.push('Recover');
      await bench.recovery.recover(session);
      return bench.notifier.last.message;
    };
    assert.match(await recover(here), /^The session of acme\/named \(Cart\) is recovered\./);
    assert.equal(
      await recover(here),
      'The session of acme/named (Cart) was already recovered. This window keeps it alive.',
    );
    bench.lifecycle.isSlower = true;
    assert.match(
      await recover(held),
      /^Another window recovered the session of acme\/named \(Search\) at the same time/,
    );
    await api.client.recoverSession(away.session_id, { new_machine_id: 'early' });
    assert.match(await recover(away), /^early recovered the session of acme\/named \(Checkout\) first/);
  });

  it('goes to the folder in which the agent worked', async () => {
    const bench = new RecoveryBench(connection, 'folders');
    bench.places.others.set('/shop-fix', { projectId: 'acme/shop', dockerSlot: 61_111, metadata: {} });
    const { session_id } = await api.client.createSession({
      project_id: 'acme/folders',
      machine_id: 'folders',
      metadata: { cwd: '/shop-fix' },
    });
    const dead = await api.client.markSessionFailed(session_id, { error_message: 'the power went' });
    bench.ui.answers.push('Recover');
    await bench.recovery.recover(dead);
    assert.equal(bench.lifecycle.adopted[0]?.docker_slot, 61_111);
  });

  describe('when the answer is lost', () => {
    /** The API acts, and its answer never arrives, this many times. */
    function losing(answers: number): Pick<Connection, 'call'> {
      return {
        call: async (run, signal = never) => {
          const before = recoveries;
          const value = await run(counting(), signal);
          if (recoveries > before && recoveries <= answers) throw new TimeoutError('lost', { code: 'TIMEOUT' });
          return value;
        },
      };
    }
    let recoveries = 0;
    function counting(): InProcessApi['client'] {
      return new Proxy(api.client, {
        get(client, name) {
          const method: unknown = Reflect.get(client, name);
          if (typeof method !== 'function') return method;
          return (...args: unknown[]): unknown => {
            if (name === 'recoverSession') recoveries += 1;
            return Reflect.apply(method, client, args);
          };
        },
      });
    }
    beforeEach(() => {
      recoveries = 0;
    });

    /** Lets time pass until the work is done, however it ends. */
    async function inTime(bench: RecoveryBench, work: Promise<void>): Promise<void> {
      const ended = new AbortController();
      const end = () => ended.abort();
      work.then(end, end);
      while (!ended.signal.aborted) await bench.clock.advance(1000);
      await work;
    }

    it('asks again and gets the same successor', async () => {
      const bench = new RecoveryBench(losing(2), 'patient');
      const original = await deadSession();
      bench.ui.answers.push('Recover');
      await inTime(bench, bench.recovery.recover(original));
      assert.equal(recoveries, 3);
      assert.equal(bench.lifecycle.adopted.length, 1);
    });

    it('knows it for its own when the user tries again later', async () => {
      const bench = new RecoveryBench(losing(3), 'patient-too');
      const original = await deadSession();
      bench.ui.answers.push('Recover');
      await assert.rejects(inTime(bench, bench.recovery.recover(original)), TimeoutError);
      assert.deepEqual(bench.lifecycle.adopted, []);
      await bench.recovery.recover(original);
      assert.equal(bench.lifecycle.adopted.length, 1);
    });
  });
});
