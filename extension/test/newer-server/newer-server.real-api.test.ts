import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type Session, StateTrackingApiClient } from '@claude-projects/shared/client';
import { ApiConnection, clientsThat } from '../../src/connection/api-connection.ts';
import { JournalsOnDisk } from '../../src/lifecycle/journals-on-disk.ts';
import { WindowLifecycle } from '../../src/lifecycle/window-lifecycle.ts';
import { Disposables } from '../../src/platform/disposable.ts';
import { inEnglish } from '../../src/platform/localize.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { promptCandidates } from '../../src/recovery/candidates.ts';
import { healthAt } from '../../src/sessions/health.ts';
import { SessionLabels } from '../../src/sessions/session-labels.ts';
import { SessionStore } from '../../src/sessions/session-store.ts';
import { checkSettings } from '../../src/settings/check-settings.ts';
import { StatusBarModel } from '../../src/status-bar/status-bar-model.ts';
import type { Row } from '../../src/tree/row.ts';
import { GATHER_MS, SessionsTreeModel } from '../../src/tree/sessions-tree-model.ts';
import { eventually } from '../lifecycle/journals/support/eventually.ts';
import { type RealApi, startRealApi } from '../lifecycle/journals/support/real-api.ts';
import { temporaryFolder } from '../lifecycle/journals/support/temporary-folder.ts';
import { attentionOf } from '../sessions/support/attention.ts';
import { emptySettings } from '../settings/support/empty-settings.ts';
import { FakeClaude } from '../support/fake-claude.ts';
import { FakeClock, MINUTE, SECOND } from '../support/fake-clock.ts';
import { RecordingLog } from '../support/recording-log.ts';
import { FakeEndpointSource } from '../support/scripted-api.ts';
import { TomorrowsApi } from './tomorrows-api.ts';

describe("the extension over tomorrow's API", function () {
  this.timeout(30_000);
  const root = temporaryFolder();
  let api: RealApi;
  let tomorrow: TomorrowsApi;
  /** The client of today, which made the records. */
  let client: StateTrackingApiClient;
  let window: ReturnType<typeof openWindow>;

  beforeEach(async () => {
    api = await startRealApi();
    tomorrow = new TomorrowsApi(api.url);
    client = new StateTrackingApiClient({ baseUrl: api.url, apiKey: api.key, retries: 0 });
    window = openWindow(await tomorrow.open());
  });

  afterEach(async () => {
    await window.lifecycle.close();
    window.owned.dispose();
    await tomorrow.close();
    await api.close();
  });

  function openWindow(baseUrl: string) {
    const clock = new FakeClock();
    const log = new RecordingLog();
    const owned = new Disposables();
    const source = new FakeEndpointSource();
    source.endpoint = { kind: 'ready', address: { mode: 'remote', baseUrl }, apiKey: api.key, instance: 'only' };
    const makeClient = clientsThat(
      () => undefined,
      (line) => log.warn(line),
    );
    const { settings: current } = checkSettings(emptySettings, inEnglish);
    const settings = { current, onDidChange: () => ({ dispose: () => undefined }) };
    const connection = owned.add(new ApiConnection({ source, clock, log, makeClient }));
    const journals = owned.add(new JournalsOnDisk({ root: root(), connection, clock, random: systemRandom, log }));
    const store = owned.add(new SessionStore({ connection, clock, log }));
    const place = { workspaceId: 'shop', projectId: 'acme/shop', machineId: 'laptop', hostname: 'laptop.local' };
    const folder = { projectId: 'acme/shop', dockerSlot: undefined, metadata: {} };
    const places = { current: async () => place, at: async () => folder };
    const lifecycle = owned.add(
      new WindowLifecycle({
        sessions: store,
        places,
        settings,
        journals,
        connection,
        clock,
        random: systemRandom,
        log,
      }),
    );
    const labels = new SessionLabels({ store, lifecycle });
    const { needsYou, dismissals } = owned.add(attentionOf(store));
    const tree = owned.add(
      new SessionsTreeModel({
        store,
        labels,
        claude: new FakeClaude(),
        needsYou,
        dismissals,
        connection,
        lifecycle,
        settings,
        clock,
        localize: inEnglish,
        log,
      }),
    );
    const status = owned.add(new StatusBarModel({ lifecycle, connection, needsYou, labels, localize: inEnglish, log }));
    return { clock, log, owned, connection, store, lifecycle, tree, status };
  }

  const poll = async () => {
    await window.store.poll();
    await window.clock.advance(GATHER_MS);
    assert.equal(window.store.status.failures, 0, window.log.lines.join('\n'));
    assert.deepEqual(window.connection.state, { kind: 'online' });
  };
  const refresh = async () => {
    await window.store.refresh();
    await window.clock.advance(GATHER_MS);
  };
  const rowOf = ({ session_id }: Session): Row => {
    const node = window.tree.nodeOf(session_id);
    const row = node && window.tree.rowOf(node);
    assert.ok(row, 'it has a row');
    return row;
  };
  const newSession = (project_id = 'acme/shop') =>
    client.createSession({ project_id, machine_id: `machine-${randomUUID()}` });
  /** A request that is under way is not made to look hung. */
  const passTime = async () => {
    if (tomorrow.isIdle) await window.clock.advance(SECOND);
  };
  const until = (condition: () => boolean) => eventually(condition, () => window.log.lines.join('\n'), passTime);

  it('shows sessions in states it does not know beside those it knows', async () => {
    const [plain, asleep, cancelled] = [await newSession(), await newSession(), await newSession()];
    await client.markSessionFailed(cancelled.session_id, { error_message: 'stopped by its budget' });
    tomorrow.says(asleep.session_id, { status: 'hibernating', health: 'dreaming', activity: 'consolidating' });
    tomorrow.says(cancelled.session_id, { status: 'cancelled' });
    await poll();
    assert.equal(window.store.all().length, 3);
    assert.match(rowOf(plain).contextValue, /^session\.working\.live\b/);
    assert.equal(rowOf(asleep).contextValue, 'session.unknown');
    assert.match(`${rowOf(asleep).description} ${rowOf(asleep).spoken}`, /unknown state/);
    assert.deepEqual(rowOf(asleep).icon, { id: 'dash', color: 'descriptionForeground' });
    assert.equal(rowOf(cancelled).contextValue, 'session.ended');
    assert.equal(window.tree.surroundings.badge, undefined);
  });

  it('trusts what it knows of a session where only one word is new', async () => {
    const [active, failed] = [await newSession(), await newSession()];
    await client.markSessionFailed(failed.session_id, { error_message: 'its disk died' });
    tomorrow.says(active.session_id, { status: 'supervised' });
    tomorrow.says(failed.session_id, { health: 'buried' });
    await poll();
    assert.match(rowOf(active).contextValue, /^session\.working\b/);
    assert.match(rowOf(failed).contextValue, /^session\.failed\.recoverable\b/);
  });

  it('asks nobody whether to recover a session in a state it does not know', async () => {
    const [dead, other] = [await newSession(), await newSession()];
    for (const { session_id } of [dead, other]) await client.markSessionFailed(session_id, { error_message: 'gone' });
    tomorrow.says(other.session_id, { status: 'quarantined', health: 'quarantined' });
    await poll();
    const scope = {
      prompting: 'always',
      machineId: 'laptop',
      projectId: 'acme/shop',
      isTrackedHere: () => false,
    } as const;
    const healthOf = (session: Session) => healthAt(session, window.store.vitals);
    const found = promptCandidates(window.store.all(), { ...scope, healthOf }, window.clock.now());
    assert.deepEqual(
      found.map(({ session_id }) => session_id),
      [dead.session_id],
    );
  });

  it('shows the sessions beside one of another shape, says so once, and sees what is deleted', async () => {
    tomorrow.lists('sessions', { kind: 'fleet', members: ['a', 'b'] });
    const [stays, goes] = [await newSession(), await newSession()];
    await poll();
    assert.equal(window.store.all().length, 2);
    assert.equal(window.store.hasMore, false);
    await client.deleteSession(goes.session_id);
    await refresh();
    assert.deepEqual(
      window.store.all().map(({ session_id }) => session_id),
      [stays.session_id],
    );
    // All of them fit on one page, readable or not.
    assert.equal(tomorrow.answered.filter((line) => line === '200 GET /api/sessions').length, 2);
    assert.equal(window.log.lines.filter((line) => line.includes('cannot read')).length, 1);
  });

  it('sees what is deleted also where the sessions fill more than one page', async () => {
    tomorrow.lists('sessions', { kind: 'fleet' });
    const sessions: Session[] = [];
    for (let number = 0; number < 120; number++) {
      const session = await newSession();
      sessions.push(session);
      await client.updateSession(session.session_id, { status: 'completed' });
    }
    const last = sessions.at(-1);
    assert.ok(last);
    await poll();
    assert.ok(window.store.find(last.session_id));
    await client.deleteSession(last.session_id);
    // A refresh does not read all pages.
    await window.clock.advance(10 * MINUTE);
    await refresh();
    assert.equal(window.store.find(last.session_id), undefined);
  });

  it('shows tasks in states it does not know', async () => {
    const session = await newSession();
    const { task_id } = await client.createTask({
      session_id: session.session_id,
      project_id: 'acme/shop',
      task_name: 'build',
    });
    tomorrow.says(task_id, { status: 'skipped' });
    tomorrow.lists('tasks', { kind: 'milestone' });
    await poll();
    await window.store.loadTasks(session.session_id);
    assert.deepEqual(
      window.store.tasksOf(session.session_id)?.tasks.map(({ task_name, status }) => [task_name, status]),
      [['build', 'unknown']],
    );
    const node = window.tree.nodeOf(session.session_id);
    const rows = node && (await window.tree.childrenOf(node)).map((child) => window.tree.rowOf(child));
    assert.ok(rows?.some((row) => row?.contextValue === 'task.unknown' && row.description === 'unknown state'));
  });

  it('tracks a session to its end, whatever words the replies have', async () => {
    tomorrow.says('*', { status: 'supervised', health: 'radiant', activity: 'thinking' });
    const started = await window.lifecycle.start({});
    assert(started.ok);
    const tracker = started.value;
    await until(() => tracker.state.kind === 'running');
    const task = await tracker.startTask({ name: 'build' });
    assert(task.ok);
    await until(() => tracker.held.outbox.pending === 0);
    const beats = () => tomorrow.answered.filter((line) => /^200 POST .*\/heartbeat$/.test(line)).length;
    await until(() => beats() >= 2);
    assert.equal(window.status.current?.severity, 'normal');
    assert.match(window.status.current.text, /^\$\(pulse\) acme\/shop: build/);
    await task.value.complete();
    await tracker.complete();
    await eventually(
      async () => (await client.getSession(tracker.sessionId)).status === 'completed',
      () => window.log.lines.join('\n'),
      passTime,
    );
    const { tasks } = await client.listTasks({ session_id: tracker.sessionId });
    assert.deepEqual(
      tasks.map(({ status }) => status),
      ['completed'],
    );
  });

  it('goes on with a recovered session, and leaves alone the tasks whose state it does not know', async () => {
    const { session_id, project_id } = await newSession();
    const names = ['build', 'test'];
    for (const task_name of names) await client.createTask({ session_id, project_id, task_name });
    await client.markSessionFailed(session_id, { error_message: 'its disk died' });
    const successor = await client.recoverSession(session_id, { new_machine_id: 'laptop' });
    const [build] = (await client.listTasks({ session_id: successor.session_id })).tasks;
    assert.ok(build);
    tomorrow.says(build.task_id, { status: 'skipped' });
    tomorrow.lists('tasks', { kind: 'milestone' });
    const adopted = await window.lifecycle.adopt(successor);
    assert(adopted.kind === 'adopted');
    assert.deepEqual(
      adopted.tracker.tasks.map(({ name }) => name),
      names.filter((name) => name !== build.task_name),
    );
  });

  it('goes on tracking after a heartbeat is refused with a code it does not know', async () => {
    const started = await window.lifecycle.start({});
    assert(started.ok);
    const tracker = started.value;
    await until(() => tracker.state.kind === 'running');
    tomorrow.refuses(/heartbeat$/, 409, 'LEASE_MOVED');
    const refused = () => tomorrow.answered.some((line) => line.startsWith('409 POST'));
    await until(refused);
    tomorrow.refusesNothing();
    const taken = () => tomorrow.answered.some((line) => /^200 POST \/api\/sessions\/.*\/heartbeat$/.test(line));
    await until(taken);
    assert.equal(tracker.state.kind, 'running');
  });

  it('keeps what it has to report while a role of its key forbids it', async () => {
    tomorrow.refuses(/^POST \/api\/sessions$/, 403, 'ROLE_REQUIRED');
    const started = await window.lifecycle.start({});
    assert(started.ok);
    await until(() => tomorrow.answered.filter((line) => line === '403 POST /api/sessions').length >= 2);
    assert.equal(started.value.held.outbox.pending, 1);
    tomorrow.refusesNothing();
    await until(() => started.value.state.kind === 'running');
    assert.equal((await client.getSession(started.value.sessionId)).status, 'active');
  });
});
