import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { StateTrackingApiClient } from '@claude-projects/shared/client';
import { isDerivedSlot } from '@claude-projects/shared/contract';
import { ApiConnection, clientsThat } from '../../../src/connection/api-connection.ts';
import type { HeldSession } from '../../../src/lifecycle/journals.ts';
import { JournalsOnDisk } from '../../../src/lifecycle/journals-on-disk.ts';
import type { Change } from '../../../src/lifecycle/outbox/change.ts';
import type { Outbox } from '../../../src/lifecycle/outbox/outbox.ts';
import type { TrackedSession } from '../../../src/lifecycle/tracked-session.ts';
import { systemRandom } from '../../../src/platform/random.ts';
import type { Learned } from '../../../src/sessions/learned.ts';
import { FakeClock, SECOND } from '../../support/fake-clock.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { FakeEndpointSource } from '../../support/scripted-api.ts';
import { eventually, untilEmpty } from './support/eventually.ts';
import { FlakyLine } from './support/flaky-line.ts';
import { type RealApi, startRealApi } from './support/real-api.ts';
import {
  completeSession,
  createHeld,
  createTask,
  deleteTask,
  renameTask,
  started,
  trackedSession,
  updateTask,
} from './support/samples.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const TASKS = 50;

describe('an outbox and the real API', function () {
  this.timeout(60_000);
  const root = temporaryFolder();
  let api: RealApi;
  let line: FlakyLine;
  let baseUrl: string;
  let client: StateTrackingApiClient;
  let clock: FakeClock;
  let closing: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    api = await startRealApi();
    line = new FlakyLine(api.url);
    baseUrl = await line.open();
    client = new StateTrackingApiClient({ baseUrl: api.url, apiKey: api.key, retries: 0 });
    clock = new FakeClock();
  });

  afterEach(async () => {
    for (const close of closing.toReversed()) await close();
    closing = [];
    await line.close();
    await api.close();
  });

  function openProcess() {
    const log = new RecordingLog();
    const source = new FakeEndpointSource();
    source.endpoint = { kind: 'ready', address: { mode: 'remote', baseUrl }, apiKey: api.key, instance: 'only' };
    const connection = new ApiConnection({
      source,
      clock,
      log,
      makeClient: clientsThat(
        () => undefined,
        (line) => log.warn(line),
      ),
    });
    const journals = new JournalsOnDisk({ root: root(), connection, clock, random: systemRandom, log });
    closing.push(async () => {
      journals.dispose();
      connection.dispose();
    });
    return { journals, connection, log };
  }

  /** Time passes meanwhile, as it does for somebody who waits. */
  const delivered = (outbox: Outbox) =>
    untilEmpty(
      outbox,
      () => `${outbox.pending} still wait`,
      () => clock.advance(SECOND),
    );

  /** From now on the API takes what it is told, and does not answer. */
  async function hangs(): Promise<void> {
    line.isCut = false;
    line.hang();
    await eventually(
      () => line.hanging > 0,
      () => 'the API is told nothing',
      () => clock.advance(SECOND),
    );
  }

  const at = () => new Date(clock.now()).toISOString();

  it('tells of 50 tasks that went on without it, once, in order, and when they happened', async () => {
    line.isCut = true;
    const session = trackedSession({ since: at() });
    const first = openProcess();
    const add = async (outbox: Outbox, change: Change) => {
      assert.equal(await outbox.add(change), 'written');
    };
    let held = await createHeld(first.journals, session, started(session, at()));
    const expected: { task_id: string; started_at: string; completed_at: string }[] = [];
    for (let number = 0; number < TASKS; number++) {
      if (number === TASKS / 2) {
        // The window is reloaded.
        await held.release();
        const [again, ...others] = await openProcess().journals.takeOrphans(() => true);
        assert.ok(again);
        assert.deepEqual(others, []);
        held = again;
        assert.deepEqual(
          held.tasks.map(({ taskId, status }) => [taskId, status]),
          expected.map(({ task_id }) => [task_id, 'completed']),
        );
      }
      if (number === TASKS - 1) await hangs();
      const task_id = randomUUID();
      await clock.advance(7 * SECOND);
      await add(held.outbox, createTask(session, task_id, `task ${number}`, at()));
      await clock.advance(3 * SECOND);
      const started_at = at();
      await add(held.outbox, updateTask(session, task_id, 'in_progress', started_at));
      await clock.advance(50 * SECOND);
      await add(held.outbox, updateTask(session, task_id, 'completed', at()));
      expected.push({ task_id, started_at, completed_at: at() });
    }
    await clock.advance(SECOND);
    const ended = at();
    await add(held.outbox, completeSession(session, ended));
    assert.equal(line.givenUp, 0, 'somebody waited until the API was given up');
    assert.equal(line.passedOn.length, 0);

    line.letGo();
    await delivered(held.outbox);

    const { tasks, total } = await client.listTasks({ session_id: session.session_id, limit: 200 });
    assert.equal(total, TASKS);
    assert.deepEqual(
      tasks.map(({ task_id, started_at, completed_at }) => ({ task_id, started_at, completed_at })),
      expected,
    );
    assert.deepEqual([...new Set(tasks.map(({ status }) => status))], ['completed']);
    const record = await client.getSession(session.session_id);
    assert.deepEqual([record.status, record.started_at, record.completed_at], ['completed', session.since, ended]);
    assert.equal(line.passedOn.length, 1 + 3 * TASKS + 1, 'each was sent once');
    assert.deepEqual(
      line.passedOn.filter(({ status }) => status !== 200 && status !== 201),
      [],
    );
    await held.discard();
  });

  it('tells nothing twice where every reply is lost at first', async () => {
    line.losesReply = (_request, before) => before === 0;
    const session = trackedSession({ since: at() });
    const { journals } = openProcess();
    const held = await createHeld(journals, session, started(session, at()));
    const task = randomUUID();
    const refused: string[] = [];
    held.outbox.onDidRefuse(({ change }) => refused.push(change.kind));
    await held.outbox.add(createTask(session, task, 'only once', at()));
    await held.outbox.add(updateTask(session, task, 'in_progress', at()));
    await held.outbox.add(updateTask(session, task, 'blocked', at()));
    await held.outbox.add(updateTask(session, task, 'in_progress', at()));
    await held.outbox.add(updateTask(session, task, 'completed', at()));
    await held.outbox.add(completeSession(session, at()));
    await delivered(held.outbox);
    assert.deepEqual(refused, []);
    const { tasks } = await client.listTasks({ session_id: session.session_id });
    assert.deepEqual(
      tasks.map(({ task_id, status }) => [task_id, status]),
      [[task, 'completed']],
    );
    assert.equal((await client.listSessions()).total, 1);
    await held.discard();
  });

  it('gives tasks another name and removes them, also where every reply is lost at first', async () => {
    line.losesReply = (_request, before) => before === 0;
    const session = trackedSession({ since: at() });
    const held = await createHeld(openProcess().journals, session, started(session, at()));
    const [kept, gone] = [randomUUID(), randomUUID()];
    const refused: string[] = [];
    held.outbox.onDidRefuse(({ change }) => refused.push(change.kind));
    const learned: Learned[] = [];
    held.outbox.onDidLearn((one) => learned.push(one));
    await held.outbox.add(createTask(session, kept, 'one', at()));
    await held.outbox.add(createTask(session, gone, 'two', at()));
    await held.outbox.add(updateTask(session, gone, 'in_progress', at()));
    await held.outbox.add(renameTask(session, kept, 'the first', at()));
    await held.outbox.add(deleteTask(session, gone));
    await held.outbox.add(deleteTask(session, randomUUID()));
    await delivered(held.outbox);
    assert.deepEqual(refused, []);
    const { tasks } = await client.listTasks({ session_id: session.session_id });
    assert.deepEqual(
      tasks.map(({ task_id, task_name }) => [task_id, task_name]),
      [[kept, 'the first']],
    );
    assert.equal((await client.getSession(session.session_id)).current_task_id, null);
    const { session_id } = session;
    assert.deepEqual(learned.at(-2), { kind: 'deleted-task', session_id, task_id: gone });
    await held.discard();
  });

  it('removes no task that a recovery gave to another session', async () => {
    const session = trackedSession({ since: at() });
    const held = await createHeld(openProcess().journals, session, started(session, at()));
    const task = randomUUID();
    await held.outbox.add(createTask(session, task, 'goes on', at()));
    await delivered(held.outbox);
    line.isCut = true;
    await held.outbox.add(deleteTask(session, task));
    await client.markSessionFailed(session.session_id, { error_message: 'It was killed' });
    const successor = await client.recoverSession(session.session_id, { new_machine_id: 'another' });
    line.isCut = false;
    await delivered(held.outbox);
    assert.equal((await client.getTask(task)).session_id, successor.session_id);
    await held.discard();
  });

  it('goes on where a process died that could not note what it had delivered', async () => {
    const session = trackedSession({ since: at() });
    const { journals } = openProcess();
    const held = await createHeld(journals, session, started(session, at()));
    const task = randomUUID();
    const changes = [
      createTask(session, task, 'told before', at()),
      updateTask(session, task, 'in_progress', at()),
      updateTask(session, task, 'completed', at()),
    ];
    // All of it was told, the marks of it are lost.
    const { session_id, project_id, machine_id } = session;
    await client.createSession({ session_id, project_id, machine_id });
    await client.createTask({ task_id: task, session_id, project_id, task_name: 'told before' });
    await client.updateTask(task, { status: 'completed', session_id });
    const refused: string[] = [];
    held.outbox.onDidRefuse(({ error }) => refused.push(error.code));
    for (const change of changes) await held.outbox.add(change);
    await delivered(held.outbox);
    assert.deepEqual(refused, []);
    assert.equal((await client.getTask(task)).status, 'completed');
    await held.discard();
  });

  describe('sessions that followed each other in one place while it was away', () => {
    const COUNT = 6;

    async function workThrough(): Promise<{ sessions: readonly TrackedSession[]; held: readonly HeldSession[] }> {
      line.isCut = true;
      const { journals } = openProcess();
      const sessions: TrackedSession[] = [];
      const held: HeldSession[] = [];
      for (let number = 0; number < COUNT; number++) {
        const session = trackedSession({ since: at() });
        const one = await createHeld(journals, session, started(session, at()));
        await one.outbox.add(createTask(session, randomUUID(), `task of ${number}`, at()));
        await clock.advance(20 * SECOND);
        // The last one still goes on when the API is back.
        if (number < COUNT - 1) await one.outbox.add(completeSession(session, at()));
        sessions.push(session);
        held.push(one);
      }
      return { sessions, held };
    }

    async function mustKnowAll(sessions: readonly TrackedSession[], held: readonly HeldSession[]): Promise<void> {
      const refused: string[] = [];
      for (const { outbox } of held) outbox.onDidRefuse(({ error }) => refused.push(error.code));
      line.isCut = false;
      for (const { outbox } of held) await delivered(outbox);
      assert.deepEqual(refused, []);
      for (const [index, { session_id }] of sessions.entries()) {
        const { status } = await client.getSession(session_id);
        assert.equal(status, index < COUNT - 1 ? 'completed' : 'active');
      }
      for (const one of held) await one.discard();
    }

    it('are told of in their order, so that none is in the way of the next', async () => {
      const { sessions, held } = await workThrough();
      await mustKnowAll(sessions, held);
    });

    it('are told of in their order by the next process, too', async () => {
      const { sessions, held } = await workThrough();
      for (const one of held) await one.release();
      await mustKnowAll(sessions, await openProcess().journals.takeOrphans(() => true));
    });

    it('are all told of where somebody else took their place meanwhile, and the last one goes on', async () => {
      const { sessions, held } = await workThrough();
      const other = await client.createSession({ project_id: 'acme/shop', machine_id: 'laptop' });
      await mustKnowAll(sessions, held);
      const places = await Promise.all(sessions.map(({ session_id }) => client.getSession(session_id)));
      assert.ok(places.every(({ docker_slot }) => isDerivedSlot(docker_slot)));
      const still = await client.getSession(other.session_id);
      assert.deepEqual([still.status, still.docker_slot], ['active', null]);
    });
  });

  it('tells of what happened though this clock is an hour ahead', async () => {
    clock = new FakeClock();
    await clock.advance(Date.now() - clock.now() + 3_600_000);
    const session = trackedSession({ since: at() });
    const { journals } = openProcess();
    const held = await createHeld(journals, session, started(session, at()));
    const task = randomUUID();
    await held.outbox.add(createTask(session, task, 'in an hour', at()));
    await held.outbox.add(updateTask(session, task, 'completed', at()));
    await delivered(held.outbox);
    assert.equal((await client.getTask(task)).status, 'completed');
    await held.discard();
  });
});
