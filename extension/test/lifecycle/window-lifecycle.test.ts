import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { ApiError } from '@claude-projects/shared/client';
import { Heartbeat, isDerivedSlot } from '@claude-projects/shared/contract';
import type { OrchestrationEnd, OrchestrationHealth } from '../../api.d.ts';
import type { Endpoint } from '../../src/connection/endpoint-source.ts';
import type { AgentLiveness } from '../../src/lifecycle/agents.ts';
import { isMove } from '../../src/lifecycle/outbox/change.ts';
import { withoutPrompts } from '../../src/lifecycle/outbox/without-prompts.ts';
import type { SessionTracker } from '../../src/lifecycle/session-tracker.ts';
import { WindowLifecycle } from '../../src/lifecycle/window-lifecycle.ts';
import { systemRandom } from '../../src/platform/random.ts';
import {
  keyRefused,
  noSuchMachine,
  noSuchSession,
  placeTaken,
  sessionEnded,
  tooMany,
  unreachable,
} from '../support/errors.ts';
import { FakeClock, HOUR, MINUTE, SECOND } from '../support/fake-clock.ts';
import { FakeHeldSession, FakeJournals } from '../support/fake-journals.ts';
import { type FakePlaces, fakePlaces } from '../support/fake-places.ts';
import { RecordingLog } from '../support/recording-log.ts';
import { sampleSession } from '../support/sample-session.ts';
import { readyEndpoint, ScriptedApi, scriptedConnection } from '../support/scripted-api.ts';

const HEARTBEAT = /^POST \/api\/sessions\/[^/]+\/heartbeat$/;
const READ = /^GET \/api\/sessions\/[^/]+$/;
const MACHINE = /\/api\/machines/;

describe('the lifecycle of a window', () => {
  let clock: FakeClock;
  let api: ScriptedApi;
  let log: RecordingLog;
  let journals: FakeJournals;
  let lifecycle: WindowLifecycle;
  let settings: { dockerSlot: undefined; heartbeatIntervalSeconds: number };
  let vitals: { stallThresholdMs: number };
  let places: FakePlaces;
  let liveness: AgentLiveness;
  let followed: Set<string>;
  let changeEndpoint: (endpoint?: Endpoint) => void;

  beforeEach(() => {
    clock = new FakeClock();
    api = new ScriptedApi();
    log = new RecordingLog();
    journals = new FakeJournals();
    const { connection, source } = scriptedConnection({ api, clock, log });
    changeEndpoint = (endpoint = readyEndpoint('changed')) => source.change(endpoint);
    settings = { dockerSlot: undefined, heartbeatIntervalSeconds: 60 };
    vitals = { stallThresholdMs: 3 * MINUTE };
    places = fakePlaces();
    liveness = 'unknown';
    followed = new Set();
    lifecycle = new WindowLifecycle({
      sessions: { vitals },
      connection,
      clock,
      log,
      journals,
      random: systemRandom,
      places,
      settings: { current: settings },
      agents: {
        isFollowed: ({ session_id }) => followed.has(session_id),
        settled: async () => undefined,
        livenessOf: async () => liveness,
      },
    });
    api.on(HEARTBEAT, () => sampleSession());
    api.on(READ, () => sampleSession());
    api.on(MACHINE, () => machine);
    api.on(/^GET \/api\/tasks$/, () => ({ tasks: [], total: 0, limit: 200, offset: 0 }));
  });

  afterEach(() => lifecycle.dispose());

  const start = async (): Promise<{ tracker: SessionTracker; held: FakeHeldSession }> => {
    const started = await lifecycle.start({});
    assert.ok(started.ok);
    return { tracker: started.value, held: journals.last };
  };
  const startConfirmed = async () => {
    const session = await start();
    session.held.outbox.deliverAll();
    await clock.advance(0);
    return session;
  };
  const beats = () => api.lines(HEARTBEAT);
  const lastBeat = () => Heartbeat.parse(beats().at(-1)?.body);
  const endOf = (tracker: SessionTracker) => {
    const ends: OrchestrationEnd[] = [];
    tracker.onDidEnd((end) => ends.push(end));
    return ends;
  };
  const orphan = (known = true) => {
    const held = new FakeHeldSession(
      {
        session_id: randomUUID(),
        project_id: 'acme/shop',
        machine_id: 'laptop',
        workspace: 'here',
        since: new Date(clock.now()).toISOString(),
      },
      { origin: 'recovered', tasks: [{ taskId: randomUUID(), name: 'Half done', status: 'in_progress' }] },
    );
    held.known = known;
    journals.orphans.push(held);
    return held;
  };

  describe('starting', () => {
    it('records the session at once and beats only when the API knows it', async () => {
      const { tracker, held } = await start();
      assert.equal(tracker.state.kind, 'starting');
      assert.equal(held.outbox.waiting[0]?.kind, 'create-session');
      await clock.advance(5 * MINUTE);
      assert.equal(beats().length, 0);
      held.outbox.deliverAll();
      assert.equal(tracker.state.kind, 'running');
      await clock.advance(3 * MINUTE);
      assert.equal(beats().length, 3);
    });

    it('gives two callers from other extensions who ask for the same place one session', async () => {
      const byHand = await lifecycle.start({});
      const ask = () => lifecycle.start({}, { join: true });
      const [first, second] = await Promise.all([ask(), ask()]);
      assert.ok(byHand.ok && first.ok && second.ok);
      assert.equal(first.value, second.value);
      assert.notEqual(first.value, byHand.value, 'which is nobody else’s');
      const elsewhere = await lifecycle.start({ dockerSlot: 2 }, { join: true });
      assert.ok(elsewhere.ok);
      assert.notEqual(elsewhere.value, first.value);
      await first.value.complete();
      const next = await ask();
      assert.ok(next.ok && next.value !== first.value);
    });

    it('refuses a folder that is none', async () => {
      // @ts-expect-error as an extension in JavaScript may
      const started = await lifecycle.start({ folder: 7 });
      assert.ok(!started.ok && started.problem.code === 'invalid');
      assert.equal(started.problem.details[0]?.field, 'folder');
    });

    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    const trap = Object.defineProperty({}, 'boom', {
      enumerable: true,
      get() {
        throw new Error('no');
      },
    });
    for (const [what, options, field] of [
      ['a cycle', { metadata: cycle }, /^metadata\.self/],
      ['10 MB', { metadata: { text: 'x'.repeat(10 * 1024 * 1024) } }, /^metadata/],
      ['a getter that throws', { metadata: trap }, /^$/],
      ['a function', { metadata: { run: () => 1 } }, /^metadata\.run/],
      ['an empty project', { projectId: '' }, /^projectId$/],
      ['a slot that is none', { dockerSlot: -1 }, /^dockerSlot$/],
    ] as const) {
      it(`refuses ${what} with a typed result, and records nothing`, async () => {
        const result = await lifecycle.start(options);
        assert.ok(!result.ok && result.problem.code === 'invalid');
        assert.match(result.problem.details[0]?.field ?? '', field);
        assert.equal(journals.created.length, 0);
      });
    }
  });

  describe('beating', () => {
    it('carries the current task and the activity', async () => {
      const { tracker, held } = await startConfirmed();
      const task = await tracker.startTask({ name: 'Write tests' });
      assert.ok(task.ok);
      tracker.reportActivity('idle', 'thinking\0');
      held.outbox.deliverAll();
      await clock.advance(MINUTE);
      assert.deepEqual(lastBeat(), {
        current_task_id: task.value.taskId,
        activity: 'idle',
        activity_detail: 'thinking',
      });
    });

    it('leaves the current task to the changes that are still under way', async () => {
      const { tracker } = await startConfirmed();
      await tracker.startTask({ name: 'Write tests' });
      await clock.advance(MINUTE);
      assert.deepEqual(lastBeat(), { activity: 'working', activity_detail: null });
    });

    it('says at once that somebody is waited for', async () => {
      const { tracker } = await startConfirmed();
      tracker.reportActivity('waiting_for_input', 'May I delete this?');
      await clock.advance(0);
      assert.equal(lastBeat().activity, 'waiting_for_input');
    });

    it('is told what the session is about, once', async () => {
      const { tracker, held } = await startConfirmed();
      let told = 0;
      tracker.onDidChange(() => (told += 1));
      for (const title of ['Add a cart', 'Add a cart', ' \0 ']) tracker.describe({ title });
      assert.equal(tracker.title, 'Add a cart');
      assert.equal(told, 1);
      const { sessionId: session_id } = tracker;
      assert.deepEqual(held.outbox.waiting, [
        { kind: 'update-session', session_id, body: { metadata: { title: 'Add a cart' } } },
      ]);
      const started = await lifecycle.start({ projectId: 'acme/api', metadata: { title: 'Nightly build' } });
      assert.equal(started.ok && started.value.title, 'Nightly build');
    });

    it('stops at once when the orchestration ends', async () => {
      const { tracker } = await startConfirmed();
      await tracker.complete();
      await clock.advance(HOUR);
      assert.equal(beats().length, 0);
    });

    it('follows the setting from the next beat on, also of the machine', async () => {
      await startConfirmed();
      settings.heartbeatIntervalSeconds = 10;
      await clock.advance(MINUTE);
      assert.equal(beats().length, 1);
      const pulses = api.lines(MACHINE).length;
      await clock.advance(MINUTE);
      assert.equal(beats().length, 7);
      assert.equal(api.lines(MACHINE).length, pulses + 6);
    });

    for (const [thresholdMs, interval] of [
      [3 * MINUTE, 85 * SECOND],
      [MINUTE, 25 * SECOND],
      [HOUR, 5 * MINUTE],
      [SECOND, 10 * SECOND],
      // What an older server reports for 90 s after a downtime of ten hours: no configured threshold.
      [36_273_369, 85 * SECOND],
    ] as const) {
      it(`comes each ${interval / SECOND} s at the least where ${thresholdMs / SECOND} s of silence are too much`, async () => {
        settings.heartbeatIntervalSeconds = 300;
        vitals.stallThresholdMs = thresholdMs;
        await startConfirmed();
        await clock.advance(10 * interval);
        assert.equal(beats().length, 10);
      });
    }

    it('degrades after three retries, says so once, and recovers', async () => {
      const { tracker } = await startConfirmed();
      const health: OrchestrationHealth[] = [];
      tracker.onDidChangeHealth((state) => health.push(state));
      api.on(HEARTBEAT, () => {
        throw unreachable();
      });
      await clock.advance(MINUTE + 30 * SECOND);
      assert.equal(beats().length, 4);
      assert.equal(tracker.state.kind, 'degraded');
      await clock.advance(5 * MINUTE);
      assert.deepEqual(health, ['degraded']);
      assert.equal(log.lines.filter((line) => line.startsWith('warn: ')).length, 1);
      api.on(HEARTBEAT, () => sampleSession());
      await clock.advance(MINUTE);
      assert.deepEqual(health, ['degraded', 'healthy']);
    });

    it('is heard in spite of a limit that lets it in only at the beginning of each minute', async () => {
      await startConfirmed();
      await clock.advance(MINUTE);
      const heard: number[] = [];
      api.on(HEARTBEAT, () => {
        const soFar = (clock.now() - full) % MINUTE;
        if (soFar > 10 * SECOND) throw tooMany(MINUTE - soFar);
        heard.push(clock.now());
        return sampleSession();
      });
      const full = clock.now() - 30 * SECOND;
      await clock.advance(10 * MINUTE);
      assert.equal(heard.length, 9, 'in each minute but the first');
    });

    it('is silent after a 401 until the key changes, then beats at once', async () => {
      const { tracker } = await startConfirmed();
      api.on(/./, () => {
        throw keyRefused();
      });
      await clock.advance(MINUTE);
      const refused = api.requests.length;
      await clock.advance(HOUR);
      assert.equal(api.requests.length, refused, 'no call leaves');
      assert.equal(tracker.state.kind, 'degraded');
      api.on(MACHINE, () => machine);
      api.on(HEARTBEAT, () => sampleSession());
      api.on(/^GET \/health$/, () => health);
      const before = beats().length;
      changeEndpoint();
      await clock.advance(0);
      await clock.advance(0);
      assert.equal(beats().length, before + 1);
      assert.equal(tracker.state.kind, 'running');
    });

    it('looks at the session before it beats after a sleep of two hours', async () => {
      const { tracker } = await startConfirmed();
      await clock.advance(MINUTE);
      api.requests.length = 0;
      await clock.sleep(2 * HOUR);
      await clock.advance(20 * SECOND);
      const seen = api.requests.map(({ line }) => line.split(' ')[0] + (HEARTBEAT.test(line) ? ' beat' : ' read'));
      const own = seen.filter((_, index) => !MACHINE.test(api.requests[index]?.line ?? ''));
      assert.deepEqual(own.slice(-2), ['GET read', 'POST beat']);
      assert.equal(tracker.state.kind, 'running');
    });

    it('does not beat when the session was recovered elsewhere while it slept', async () => {
      const { tracker } = await startConfirmed();
      const ends = endOf(tracker);
      api.on(READ, () => sampleSession({ status: 'completed', health: 'ended', recovered_by: 'the-successor' }));
      api.on(HEARTBEAT, () => {
        throw sessionEnded('the-successor');
      });
      await clock.sleep(2 * HOUR);
      await clock.advance(20 * SECOND);
      assert.deepEqual(ends, [{ reason: 'recovered-elsewhere', successorSessionId: 'the-successor' }]);
      await clock.advance(HOUR);
      assert.equal(tracker.state.kind, 'ended');
      assert.deepEqual(lifecycle.trackers, []);
    });
  });

  describe('another API', () => {
    const move = async (endpoint: Endpoint) => {
      api.on(/^GET \/health$/, () => health);
      changeEndpoint(endpoint);
      await clock.advance(0);
      await clock.advance(0);
    };

    it('is told of the session, and of the tasks that are left, before it hears a heartbeat', async () => {
      const { tracker, held } = await startConfirmed();
      const [done, doing] = [await tracker.startTask({ name: 'Done' }), await tracker.startTask({ name: 'Doing' })];
      assert.ok(done.ok && doing.ok);
      await done.value.complete();
      held.outbox.deliverAll();
      await clock.advance(MINUTE);
      const before = beats().length;
      held.outbox.added.length = 0;
      api.on(HEARTBEAT, () => {
        throw noSuchSession();
      });
      await move(readyEndpoint('remote', 'remote', 'https://elsewhere.example'));
      await clock.advance(5 * MINUTE);
      assert.equal(tracker.state.kind, 'starting');
      assert.equal(beats().length, before, 'no heartbeat of a session that is not known there');
      assert.deepEqual(
        held.outbox.added.map((change) => [
          change.kind,
          change.kind === 'update-task' ? change.body.status : undefined,
        ]),
        [
          ['create-session', undefined],
          ['create-task', undefined],
          ['update-task', 'in_progress'],
        ],
      );
      api.on(HEARTBEAT, () => sampleSession());
      held.outbox.deliverAll();
      await clock.advance(MINUTE);
      assert.equal(tracker.state.kind, 'running');
      assert.equal(beats().length, before + 1);
    });

    it('that was chosen while the window was closed is told of the session, which nobody has ended', async () => {
      const held = orphan();
      held.home = 'local';
      api.on(READ, () => {
        throw noSuchSession();
      });
      const [tracker] = await lifecycle.resume();
      assert.ok(tracker);
      const ends = endOf(tracker);
      await clock.advance(MINUTE);
      assert.deepEqual(ends, []);
      assert.deepEqual(
        held.outbox.added.map(({ kind }) => kind),
        ['create-session', 'create-task', 'update-task'],
      );
      held.outbox.deliverAll();
      await clock.advance(0);
      assert.equal(tracker.state.kind, 'running');
    });

    it('that this window has spoken to already is told of it, too', async () => {
      await startConfirmed();
      const held = orphan();
      held.home = 'local';
      api.on(READ, () => {
        throw noSuchSession();
      });
      journals.freed.fire();
      await clock.advance(MINUTE);
      assert.equal(lifecycle.trackers.length, 2);
      assert.equal(held.outbox.added[0]?.kind, 'create-session');
    });

    for (const [what, change] of [
      ['a title', (tracker: SessionTracker) => tracker.describe({ title: 'Add a cart' })],
      ['a task', (tracker: SessionTracker) => void tracker.startTask({ name: 'Add a cart' })],
    ] as const) {
      it(`does not end the session where it is told ${what} first that waited for the API of before`, async () => {
        const { tracker, held } = await startConfirmed();
        await clock.advance(MINUTE);
        const ends = endOf(tracker);
        change(tracker);
        await clock.advance(0);
        await move(readyEndpoint('remote', 'remote', 'https://elsewhere.example'));
        held.outbox.refuseNext(noSuchSession());
        assert.deepEqual(ends, []);
        held.outbox.deliverAll();
        await clock.advance(0);
        assert.equal(tracker.state.kind, 'running');
      });
    }

    it('is not told a recovered title that was made of a prompt', async () => {
      const metadata = { title: 'My password is hunter2', source: 'claude-code', cwd: '/home/ada' };
      const adopted = await lifecycle.adopt(sampleSession({ metadata }));
      assert.ok(adopted.kind === 'adopted');
      assert.equal(adopted.tracker.title, metadata.title);
      const held = journals.last;
      held.home = 'local';
      held.outbox.deliverAll();
      await clock.advance(0);
      await move(readyEndpoint('remote', 'remote', 'https://elsewhere.example'));
      const create = held.outbox.added.find(({ kind }) => kind === 'create-session');
      const sent = create && withoutPrompts(create);
      assert.ok(sent?.kind === 'create-session');
      assert.deepEqual(sent.body.metadata, { source: 'claude-code', cwd: '/home/ada' });
    });

    it('is not told the recovered title of another agent either: a prompt may have made it', async () => {
      const metadata = { title: 'My password is hunter2', source: 'another-agent' };
      await lifecycle.adopt(sampleSession({ metadata }));
      assert.equal(journals.last.session.metadata, undefined);
    });

    it('that is chosen while the delivery of the session is noted is told of it, too', async () => {
      const { tracker, held } = await start();
      const ends = endOf(tracker);
      // The journal notes which API took the session when the reply comes; the tracker hears of it after the disk.
      held.home = 'local';
      await move(readyEndpoint('remote', 'remote', 'https://elsewhere.example'));
      held.outbox.deliverAll();
      held.outbox.added.length = 0;
      api.on(HEARTBEAT, () => {
        throw noSuchSession();
      });
      await clock.advance(2 * MINUTE);
      assert.deepEqual(ends, []);
      assert.deepEqual(
        held.outbox.added.map(({ kind }) => kind),
        ['create-session'],
      );
    });

    it('is not meant by a local server that has another port', async () => {
      changeEndpoint(readyEndpoint('first', 'local', 'http://127.0.0.1:4000'));
      const { tracker, held } = await startConfirmed();
      await clock.advance(MINUTE);
      await move(readyEndpoint('second', 'local', 'http://127.0.0.1:4001'));
      assert.equal(tracker.state.kind, 'running');
      assert.equal(held.outbox.added.length, 0);
    });
  });

  describe('being fenced', () => {
    it('stops at a 409 and names the successor, once', async () => {
      const { tracker, held } = await startConfirmed();
      const ends = endOf(tracker);
      api.on(HEARTBEAT, () => {
        throw sessionEnded('the-successor');
      });
      await clock.advance(10 * MINUTE);
      assert.equal(beats().length, 1);
      assert.deepEqual(ends, [{ reason: 'recovered-elsewhere', successorSessionId: 'the-successor' }]);
      assert.equal(held.fate, 'discarded');
      const late = await tracker.startTask({ name: 'Too late' });
      assert.ok(!late.ok && late.problem.code === 'ended');
    });

    it('learns it from a change that was refused, too', async () => {
      const { tracker, held } = await startConfirmed();
      const ends = endOf(tracker);
      await tracker.startTask({ name: 'Half' });
      held.outbox.refuseNext(sessionEnded('the-successor'));
      assert.equal(ends.length, 1);
    });

    it('ends when somebody deleted the session', async () => {
      const { tracker } = await startConfirmed();
      const ends = endOf(tracker);
      api.on(HEARTBEAT, () => {
        throw noSuchSession();
      });
      await clock.advance(MINUTE);
      assert.deepEqual(ends, [{ reason: 'ended-elsewhere' }]);
    });

    it('ends without another word when another process holds its journal', async () => {
      const { tracker, held } = await startConfirmed();
      const ends = endOf(tracker);
      held.held = false;
      await clock.advance(MINUTE);
      assert.deepEqual(ends, [{ reason: 'taken-over' }]);
      assert.equal(beats().length, 0);
      assert.equal(held.fate, 'held', 'the journal is the other one’s now');
    });
  });

  describe('a taken place', () => {
    const moves = (held: FakeHeldSession) => held.outbox.added.filter(isMove);

    it('of a session that had stalled is replaced by a free one, under the same id, and the work goes on', async () => {
      const { tracker, held } = await startConfirmed();
      const { sessionId } = tracker;
      let holds = true;
      api.on(HEARTBEAT, () => {
        if (holds) throw placeTaken('the-other');
        return sampleSession();
      });
      await clock.advance(MINUTE);
      const [move, ...others] = moves(held);
      assert.ok(move?.kind === 'update-session' && move.session_id === sessionId);
      assert.ok(move.body.status === 'active' && isDerivedSlot(move.body.docker_slot));
      await clock.advance(MINUTE);
      assert.deepEqual([...others, ...moves(held).slice(1)], [], 'one move at a time');
      assert.ok((await tracker.startTask({ name: 'Goes on' })).ok);
      holds = false;
      const before = beats().length;
      held.outbox.deliverAll();
      await clock.advance(0);
      assert.equal(beats().length, before + 1, 'it says at once that it lives');
      assert.equal(tracker.state.kind, 'running');
      assert.equal(tracker.sessionId, sessionId);
    });

    it('is told of as refused where the API knows no way to move', async () => {
      const { tracker, held } = await startConfirmed();
      api.on(HEARTBEAT, () => {
        throw placeTaken('the-other');
      });
      await clock.advance(MINUTE);
      held.outbox.refuseNext(
        new ApiError('docker_slot: is not a known field', { code: 'VALIDATION_FAILED', status: 400 }),
      );
      assert.deepEqual(tracker.state, { kind: 'refused', reason: 'docker_slot: is not a known field' });
    });
  });

  describe('a session that the API refuses', () => {
    it('lets the work go on, unrecorded, and says why', async () => {
      const { tracker, held } = await start();
      held.outbox.refuseNext(new ApiError('metadata is wrong', { code: 'VALIDATION_FAILED', status: 400 }));
      assert.deepEqual(tracker.state, { kind: 'refused', reason: 'metadata is wrong' });
      assert.equal(tracker.health, 'untracked');
      const task = await tracker.startTask({ name: 'Goes on' });
      assert.ok(task.ok && (await task.value.complete()).ok);
      await clock.advance(HOUR);
      assert.equal(beats().length, 0);
      assert.ok((await tracker.complete()).ok);
      await clock.advance(0);
      assert.equal(tracker.state.kind, 'ended');
    });
  });

  describe('places', () => {
    const slotOf = async (...request: Parameters<WindowLifecycle['start']>) => {
      const started = await lifecycle.start(...request);
      assert.ok(started.ok);
      return started.value.held.session.docker_slot;
    };

    it('of several sessions in one folder are their own, without anybody choosing', async () => {
      const slots = [await slotOf({}), await slotOf({}), await slotOf({})];
      assert.equal(slots[0], undefined);
      assert.ok(slots.slice(1).every(isDerivedSlot));
      assert.equal(new Set(slots).size, 3);
      assert.equal(lifecycle.trackers.length, 3);
    });

    it('of two projects are not the same slot of this machine', async () => {
      places.place = { ...places.place, dockerSlot: 4 };
      assert.equal(await slotOf({}), 4);
      assert.ok(isDerivedSlot(await slotOf({ projectId: 'acme/other' })));
    });

    it('are those of the folder, with its branch and name', async () => {
      const metadata = { branch: 'fix', worktree: 'shop-fix', checkout: 'c0ffee' };
      places.others.set('/shop-fix', { projectId: 'acme/shop', dockerSlot: 60_007, metadata });
      assert.equal(await slotOf({ folder: '/shop-fix', metadata: { agent: 'a', branch: 'mine' } }), 60_007);
      assert.deepEqual(journals.last.session.metadata, { ...metadata, agent: 'a', branch: 'mine' });
    });

    it('are freed by an undelivered end, which is delivered first', async () => {
      const { tracker } = await start();
      await tracker.complete();
      assert.equal(await slotOf({}), undefined);
    });

    it('are left out of metadata that has no room for them', async () => {
      places.place = { ...places.place, metadata: { branch: 'x'.repeat(100) } };
      const metadata = { text: 'x'.repeat(64 * 1024 - 20) };
      await slotOf({ metadata });
      assert.deepEqual(journals.last.session.metadata, metadata);
    });

    it('of a session that goes on here are told to the API', async () => {
      places.place = { ...places.place, metadata: { branch: 'main' } };
      await lifecycle.adopt(sampleSession({ metadata: { agent: 'a', branch: 'fix', worktree: 'shop-fix' } }));
      const [told] = journals.last.outbox.added;
      assert.ok(told?.kind === 'update-session');
      assert.deepEqual(told.body.metadata, { branch: 'main', worktree: null });
      const metadata = { branch: 'fix', worktree: 'shop-fix', checkout: 'c0ffee' };
      places.others.set('/shop-fix', { projectId: 'acme/shop', dockerSlot: 60_007, metadata });
      await lifecycle.adopt(sampleSession({ metadata }), '/shop-fix');
      assert.deepEqual(journals.last.outbox.added, [], 'nothing has changed');
    });
  });

  it('does not adopt a session that another window holds', async () => {
    const session = sampleSession();
    journals.heldElsewhere.add(session.session_id);
    assert.deepEqual(await lifecycle.adopt(session), { kind: 'taken-over' });
    assert.deepEqual(lifecycle.trackers, []);
    journals.heldElsewhere.clear();
    assert.equal((await lifecycle.adopt(session)).kind, 'adopted', 'later it may');
  });

  describe('ending', () => {
    it('records the end, says so once, and forgets the session when it is delivered', async () => {
      const { tracker, held } = await startConfirmed();
      const ends = endOf(tracker);
      assert.ok((await tracker.fail('It broke')).ok);
      assert.equal(tracker.state.kind, 'ending');
      assert.deepEqual(ends, [{ reason: 'failed', message: 'It broke' }]);
      assert.equal(held.fate, 'held');
      const again = await tracker.complete();
      assert.ok(!again.ok && again.problem.code === 'ended');
      held.outbox.deliverAll();
      await clock.advance(0);
      assert.equal(tracker.state.kind, 'ended');
      assert.equal(held.fate, 'discarded');
      assert.deepEqual(lifecycle.trackers, []);
      assert.equal(clock.pendingTimers, 0, 'no timer outlives the last session');
    });

    it('takes any message of a failure: none, one too long, one with stray characters', async () => {
      for (const [message, recorded] of [
        ['', 'No reason was given.'],
        [' \n ', 'No reason was given.'],
        ['a\0b\ud800', 'ab\ufffd'],
      ] as const) {
        const { tracker, held } = await start();
        assert.ok((await tracker.fail(message)).ok);
        const change = held.outbox.added.at(-1);
        assert.ok(change?.kind === 'fail-session');
        assert.equal(change.body.error_message, recorded);
        held.outbox.deliverAll();
        await clock.advance(0);
      }
      const { tracker, held } = await start();
      await tracker.fail('x'.repeat(100_000));
      const change = held.outbox.added.at(-1);
      assert.ok(change?.kind === 'fail-session');
      assert.equal(change.body.error_message.length, 4000);
    });
  });

  describe('tasks', () => {
    it('go out in order, dated when they happened, and name the session that reports them', async () => {
      const { tracker, held } = await startConfirmed();
      const task = await tracker.startTask({ name: 'One', githubIssueId: '42', metadata: { a: 1 } });
      assert.ok(task.ok);
      const startedAt = new Date(clock.now()).toISOString();
      await clock.advance(MINUTE);
      await task.value.block('no key');
      await task.value.complete();
      const told = held.outbox.added.map((change) =>
        change.kind === 'update-task'
          ? [change.body.status, change.body.occurred_at, change.body.session_id]
          : change.kind,
      );
      const later = new Date(clock.now()).toISOString();
      const id = tracker.sessionId;
      assert.deepEqual(told, [
        'create-task',
        ['in_progress', startedAt, id],
        ['blocked', later, id],
        ['in_progress', later, id],
        ['completed', later, id],
      ]);
    });

    it('end once: the second call is refused, whichever it is', async () => {
      const { tracker } = await startConfirmed();
      const task = await tracker.startTask({ name: 'One' });
      assert.ok(task.ok);
      const [first, second] = await Promise.all([task.value.complete(), task.value.fail('no')]);
      assert.ok(first.ok);
      assert.ok(!second.ok && second.problem.code === 'ended');
    });

    it('refuse a name that cannot be one', async () => {
      const { tracker, held } = await startConfirmed();
      for (const name of ['', ' ', 'x'.repeat(501)]) {
        const result = await tracker.startTask({ name });
        assert.ok(!result.ok && result.problem.code === 'invalid');
        assert.equal(result.problem.details[0]?.field, 'name');
      }
      assert.equal(held.outbox.added.length, 0);
      assert.deepEqual(tracker.tasks, []);
    });

    it('wait until they are started, under the id that was asked for', async () => {
      const { tracker, held } = await startConfirmed();
      let told = 0;
      tracker.onDidChange(() => (told += 1));
      const taskId = randomUUID();
      const [added] = await Promise.all([
        tracker.addTask({ name: 'Later' }, clock.now() - MINUTE, taskId),
        tracker.addTask({ name: 'Much later' }),
      ]);
      assert.ok(added.ok);
      assert.equal(told, 2);
      assert.deepEqual(
        tracker.tasks.map(({ name, status }) => [name, status]),
        [
          ['Later', 'pending'],
          ['Much later', 'pending'],
        ],
      );
      assert.equal(tracker.currentTask, undefined);
      const [create, ...others] = held.outbox.added;
      assert.ok(create?.kind === 'create-task');
      assert.equal(create.body.task_id, taskId);
      assert.equal(create.body.occurred_at, new Date(clock.now() - MINUTE).toISOString());
      assert.deepEqual(
        others.map(({ kind }) => kind),
        ['create-task'],
      );
      await added.value.start();
      assert.equal(tracker.currentTask, added.value);
    });

    it('take another name at once, without a step, also when they have ended', async () => {
      const { tracker, held } = await startConfirmed();
      const task = await tracker.startTask({ name: 'Write' });
      assert.ok(task.ok);
      await task.value.complete();
      held.outbox.added.length = 0;
      const renaming = task.value.rename('Write the tests');
      assert.equal(tracker.tasks[0]?.name, 'Write the tests');
      assert.ok((await renaming).ok);
      assert.ok((await task.value.rename('Write the tests')).ok);
      const { sessionId: session_id } = tracker;
      const occurred_at = new Date(clock.now()).toISOString();
      const body = { session_id, task_name: 'Write the tests', occurred_at };
      assert.deepEqual(held.outbox.added, [{ kind: 'update-task', task_id: task.value.taskId, body }]);
    });

    it('keep their name where the new one cannot be one, or is not kept', async () => {
      const { tracker, held } = await startConfirmed();
      const task = await tracker.addTask({ name: 'Write' });
      assert.ok(task.ok);
      const wrong = await task.value.rename(' ');
      assert.ok(!wrong.ok && wrong.problem.code === 'invalid');
      assert.equal(wrong.problem.details[0]?.field, 'name');
      held.outbox.result = 'full';
      const full = await task.value.rename('Write the tests');
      assert.ok(!full.ok && full.problem.code === 'full');
      assert.equal(task.value.name, 'Write');
      assert.equal(held.outbox.added.length, 1);
    });

    it('run on where an older API refuses their new name', async () => {
      const { tracker, held } = await startConfirmed();
      const task = await tracker.startTask({ name: 'Write' });
      assert.ok(task.ok);
      held.outbox.deliverAll();
      await task.value.rename('Write the tests');
      await task.value.complete();
      held.outbox.refuseNext(new ApiError('task_name: is not known', { code: 'VALIDATION_FAILED', status: 400 }));
      assert.equal(tracker.state.kind, 'running');
      const [left] = held.outbox.waiting;
      assert.ok(left?.kind === 'update-task' && left.body.status === 'completed');
    });

    it('are gone at once when they are removed, and cannot be changed any more', async () => {
      const { tracker, held } = await startConfirmed();
      const [first, second] = [await tracker.startTask({ name: 'One' }), await tracker.addTask({ name: 'Two' })];
      assert.ok(first.ok && second.ok);
      held.outbox.deliverAll();
      held.outbox.added.length = 0;
      const removing = first.value.remove();
      assert.deepEqual(tracker.tasks, [second.value]);
      assert.deepEqual(tracker.own?.tasks, [second.value]);
      assert.equal(tracker.currentTask, undefined);
      assert.ok((await removing).ok);
      assert.ok((await first.value.remove()).ok);
      for (const change of [first.value.start(), first.value.complete(), first.value.rename('Other')]) {
        const result = await change;
        assert.ok(!result.ok && result.problem.code === 'ended');
      }
      const { sessionId: session_id } = tracker;
      assert.deepEqual(held.outbox.added, [{ kind: 'delete-task', session_id, task_id: first.value.taskId }]);
      held.outbox.deliverAll();
      await clock.advance(MINUTE);
      assert.equal(lastBeat().current_task_id, null);
    });

    it('stay when they have ended, or when their removal is not kept', async () => {
      const { tracker, held } = await startConfirmed();
      const [ended, open] = [await tracker.startTask({ name: 'One' }), await tracker.addTask({ name: 'Two' })];
      assert.ok(ended.ok && open.ok);
      await ended.value.complete();
      const before = held.outbox.added.length;
      assert.ok((await ended.value.remove()).ok);
      held.outbox.result = 'full';
      const full = await open.value.remove();
      assert.ok(!full.ok && full.problem.code === 'full');
      assert.deepEqual(tracker.tasks, [ended.value, open.value]);
      assert.equal(held.outbox.added.length, before);
    });

    it('that were not kept have not begun', async () => {
      const { tracker, held } = await startConfirmed();
      held.outbox.result = 'full';
      const result = await tracker.startTask({ name: 'One too many' });
      assert.ok(!result.ok && result.problem.code === 'full');
      assert.deepEqual(tracker.tasks, []);
    });
  });

  describe('after the window was closed', () => {
    it('goes on with a session of this workspace: looks at it, then beats for it', async () => {
      const held = orphan();
      const [tracker] = await lifecycle.resume();
      await clock.advance(0);
      assert.equal(tracker?.sessionId, held.session.session_id);
      assert.equal(tracker?.tasks[0]?.name, 'Half done');
      assert.deepEqual(
        api.requests.filter(({ line }) => !MACHINE.test(line)).map(({ line }) => line.split(' ')[0]),
        ['GET', 'POST'],
      );
      assert.equal(lastBeat().current_task_id, tracker?.tasks[0]?.taskId);
    });

    it('leaves one that stalled while nobody was there to be recovered', async () => {
      const held = orphan();
      held.awayMs = HOUR;
      api.on(READ, () => sampleSession({ status: 'stalled', health: 'stalled' }));
      const [tracker] = await lifecycle.resume();
      assert.ok(tracker);
      const ends = endOf(tracker);
      await clock.advance(0);
      assert.deepEqual(ends, [{ reason: 'stalled' }]);
      assert.equal(beats().length, 0);
    });

    it('revives one that stalled while nobody was there, where its agent lived on', async () => {
      liveness = 'alive';
      orphan().awayMs = HOUR;
      api.on(READ, () => sampleSession({ status: 'stalled', health: 'stalled' }));
      const [tracker] = await lifecycle.resume();
      await clock.advance(0);
      assert.equal(beats().length, 1);
      assert.equal(tracker?.state.kind, 'running');
    });

    it('neither revives nor ends one whose agent is gone, before it is said what became of it', async () => {
      liveness = 'gone';
      orphan().awayMs = HOUR;
      api.on(READ, () => sampleSession({ status: 'stalled', health: 'stalled' }));
      const [tracker] = await lifecycle.resume();
      await clock.advance(10 * MINUTE);
      assert.equal(beats().length, 0);
      assert.equal(tracker?.state.kind, 'running');
      await tracker?.fail('process ended');
      assert.equal(tracker?.state.kind, 'ending');
    });

    it('goes on with one of another workspace only where this window follows its agent', async () => {
      const held = orphan();
      held.session.workspace = 'there';
      assert.deepEqual(await lifecycle.resume(), []);
      assert.deepEqual(await lifecycle.resumeFollowed(), []);
      followed.add(held.session.session_id);
      const [tracker] = await lifecycle.resumeFollowed();
      assert.equal(tracker?.sessionId, held.session.session_id);
    });

    it('leaves one to another window as it is, and says nothing of it any more', async () => {
      const held = orphan();
      const [tracker] = await lifecycle.resume();
      assert.ok(tracker);
      await clock.advance(0);
      const told: string[] = [];
      lifecycle.onDidChange(({ state }) => told.push(state.kind));
      await lifecycle.letGo(tracker);
      assert.equal(held.fate, 'released');
      assert.deepEqual(lifecycle.trackers, []);
      assert.equal(lifecycle.ownSession(tracker.sessionId), undefined);
      assert.deepEqual(told, ['running']);
      const before = beats().length;
      await clock.advance(10 * MINUTE);
      assert.equal(beats().length, before);
    });

    it('revives one that stalled because the API was away, not the window', async () => {
      orphan().awayMs = 5 * SECOND;
      api.on(READ, () => sampleSession({ status: 'stalled', health: 'stalled' }));
      const [tracker] = await lifecycle.resume();
      await clock.advance(0);
      assert.equal(beats().length, 1);
      assert.equal(tracker?.state.kind, 'running');
    });

    it('looks no further than the folder of journals where there are none', async () => {
      const took = journals.takeOrphans.bind(journals);
      let looked = 0;
      journals.takeOrphans = (wanted) => {
        looked += 1;
        return took(wanted);
      };
      await lifecycle.resumeIfAny();
      assert.equal(looked, 0);
      orphan();
      await lifecycle.resumeIfAny();
      assert.equal(lifecycle.trackers.length, 1);
    });

    it('goes on later with one that another process seemed to hold', async () => {
      assert.deepEqual(await lifecycle.resume(), []);
      orphan();
      journals.freed.fire();
      await clock.advance(0);
      assert.equal(lifecycle.trackers.length, 1);
    });

    it('delivers the last words of one that has ended, and forgets it', async () => {
      const held = orphan();
      held.ended = true;
      await held.outbox.add({
        kind: 'update-session',
        session_id: held.session.session_id,
        body: { status: 'completed' },
      });
      assert.deepEqual(await lifecycle.resume(), []);
      assert.equal(held.fate, 'held');
      held.outbox.deliverAll();
      await clock.advance(0);
      assert.equal(held.fate, 'discarded');
    });

    it('does not touch what another workspace has to go on with', async () => {
      const held = orphan();
      Object.assign(held.session, { workspace: 'elsewhere' });
      assert.deepEqual(await lifecycle.resume(), []);
      await lifecycle.deliverForOthers();
      assert.deepEqual(
        journals.orphans,
        [held],
        'whoever takes it, if only for a moment, seems to have been at work on it',
      );
    });

    it('delivers the last words of another workspace', async () => {
      const held = orphan();
      Object.assign(held.session, { workspace: 'elsewhere' });
      held.ended = true;
      await lifecycle.deliverForOthers();
      await clock.advance(0);
      assert.equal(held.fate, 'discarded');
    });
  });

  it('abandons a session as if its process had died: no word to the API, none to the people', async () => {
    const { tracker, held } = await startConfirmed();
    const ends = endOf(tracker);
    const said: string[] = [];
    lifecycle.onDidChange(({ state }) => said.push(state.kind === 'ended' ? state.end.reason : state.kind));
    const sent = api.requests.length;
    await lifecycle.abandon(tracker);
    await clock.advance(HOUR);
    assert.deepEqual(said, ['failed'], 'of its own making, as far as notices go');
    assert.deepEqual(ends, []);
    assert.equal(held.fate, 'discarded');
    assert.equal(api.requests.length, sent);
    assert.deepEqual(lifecycle.trackers, []);
  });

  it('closing leaves every session as it is', async () => {
    const { tracker, held } = await startConfirmed();
    await tracker.startTask({ name: 'Half' });
    const added = held.outbox.added.length;
    await lifecycle.close();
    assert.equal(held.fate, 'released');
    assert.equal(held.outbox.added.length, added, 'nothing is faked');
    await clock.advance(HOUR);
    assert.equal(beats().length, 0);
    assert.equal(clock.pendingTimers, 0);
  });

  it('closing also leaves what was about to be started, resumed or recovered', async () => {
    const left = orphan();
    const results = [lifecycle.resume(), lifecycle.start({ dockerSlot: 1 }), lifecycle.adopt(sampleSession())] as const;
    await lifecycle.close();
    const [, started] = await Promise.all(results.map((result) => result.catch(() => undefined)));
    assert.deepEqual(started, { ok: false, problem: { code: 'ended', message: 'This window is closing.' } });
    assert.ok(left.fate === 'released' || journals.orphans.includes(left));
    assert.ok(journals.created.every(({ fate }) => fate === 'released'));
    await clock.advance(HOUR);
    assert.equal(beats().length, 0);
    assert.equal(clock.pendingTimers, 0);
    const late = await lifecycle.start({});
    assert.ok(!late.ok && late.problem.code === 'ended');
    assert.deepEqual(lifecycle.trackers, []);
  });

  it('starting does not wait for the API to tell of the tasks of another session', async () => {
    const { promise: never } = Promise.withResolvers<void>();
    api.on(/^GET \/api\/tasks$/, () => never);
    void lifecycle.adopt(sampleSession());
    await clock.advance(0);
    assert.ok((await lifecycle.start({ dockerSlot: 1 })).ok);
  });

  it('keeps the machine alive while a session is, and registers one the API does not know', async () => {
    api.on(/^POST \/api\/machines\/laptop\/heartbeat$/, () => {
      throw noSuchMachine();
    });
    await startConfirmed();
    assert.deepEqual(
      api.lines(MACHINE).map(({ line }) => line),
      ['POST /api/machines/laptop/heartbeat', 'POST /api/machines'],
    );
    assert.deepEqual(api.lines(/^POST \/api\/machines$/)[0]?.body, {
      machine_id: 'laptop',
      hostname: 'laptop.local',
      docker_slots: [],
    });
    api.on(MACHINE, () => machine);
    await clock.advance(3 * MINUTE);
    assert.equal(api.lines(/machines\/laptop\/heartbeat$/).length, 4);
  });
});

const health = {
  status: 'ok',
  service: 'claude-projects',
  version: '1',
  uptime: 1,
  timestamp: '2026-03-01T09:00:00.000Z',
};

const machine = {
  machine_id: 'laptop',
  hostname: 'laptop.local',
  docker_slots: [],
  active_sessions: [],
  status: 'online',
  last_heartbeat: '2026-03-01T09:00:00.000Z',
  metadata: {},
  created_at: '2026-03-01T09:00:00.000Z',
  updated_at: '2026-03-01T09:00:00.000Z',
};
