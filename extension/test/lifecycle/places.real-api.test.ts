import assert from 'node:assert/strict';
import { isDerivedSlot } from '@claude-projects/shared/contract';
import type { SessionTracker } from './../../src/lifecycle/session-tracker.ts';
import type { OpenWindow } from '../claude-code/support/open-window.ts';
import { Stage } from '../claude-code/support/stage.ts';
import { MINUTE } from '../support/fake-clock.ts';
import { makeRepository } from '../workspace/support/git-repository.ts';
import { eventually } from './journals/support/eventually.ts';
import { temporaryFolder } from './journals/support/temporary-folder.ts';

describe('agents side by side and the real API', function () {
  this.timeout(60_000);
  const root = temporaryFolder();
  let stage: Stage;

  beforeEach(async () => {
    stage = await Stage.set(root(), 'no hook');
    makeRepository(stage.folder);
  });

  afterEach(() => stage.clear());

  async function start(window: OpenWindow, task?: string): Promise<SessionTracker> {
    const started = await window.lifecycle.start({});
    assert.ok(started.ok);
    if (task !== undefined) assert.ok((await started.value.startTask({ name: task })).ok);
    return started.value;
  }

  const until = (condition: () => boolean, why: string) =>
    eventually(
      condition,
      () => `${why}\n${stage.logs}`,
      () => stage.passTime(),
    );
  const untilRunning = (...trackers: SessionTracker[]) =>
    until(
      () => trackers.every(({ state }) => state.kind === 'running'),
      `running: ${trackers.map(({ state }) => state.kind).join()}`,
    );
  const slots = async () => (await stage.sessions()).map(({ docker_slot }) => docker_slot);

  it('are all tracked: two of one window and one of another on the same checkout', async () => {
    const [one, other] = [stage.open(), stage.open({ workspaceId: 'the same folder in a saved workspace' })];
    const trackers = [await start(one, 'Add the cart'), await start(one), await start(other, 'Test the cart')];
    await untilRunning(...trackers);
    const sessions = await stage.sessions();
    assert.equal(sessions.length, 3);
    assert.equal(new Set(await slots()).size, 3);
    assert.deepEqual(new Set(sessions.map(({ session_id }) => session_id)), new Set(trackers.map((t) => t.sessionId)));
    assert.equal(new Set(sessions.map(({ metadata }) => metadata['checkout'])).size, 1, 'and say that they share it');
    assert.deepEqual([...new Set(sessions.map(({ metadata }) => metadata['branch']))], ['main']);
  });

  it('are told of once each after both began while the API was away, with all their tasks', async () => {
    const [one, other] = [stage.open(), stage.open({ workspaceId: 'other' })];
    stage.line.isCut = true;
    const first = await start(one, 'Add the cart');
    const second = await start(other, 'Test the cart');
    await stage.passTime();
    stage.line.isCut = false;
    await untilRunning(first, second);
    await until(() => first.held.outbox.pending + second.held.outbox.pending === 0, 'delivered');
    for (const [tracker, name] of [
      [first, 'Add the cart'],
      [second, 'Test the cart'],
    ] as const) {
      const { tasks } = await stage.client.listTasks({ session_id: tracker.sessionId });
      assert.deepEqual(
        tasks.map(({ task_name, status }) => [task_name, status]),
        [[name, 'in_progress']],
      );
    }
    const places = await slots();
    assert.equal(places.length, 2);
    assert.equal(places.filter((slot) => slot === null).length, 1, 'whoever came first has the base');
    assert.equal(places.filter(isDerivedSlot).length, 1);
  });

  it('goes on after a reload that came between the refusal of its place and the next try', async () => {
    await stage.client.createSession({ project_id: 'acme/shop', machine_id: 'laptop' });
    const before = stage.open();
    // The API refuses the place. The create in the next place succeeds, but the reply is lost.
    stage.line.losesReply = (line) => line.startsWith('POST /api/sessions ') && line.includes('docker_slot');
    const { sessionId } = await start(before, 'Add the cart');
    const creates = () => stage.line.passedOn.filter(({ line }) => line.startsWith('POST /api/sessions '));
    await until(() => creates().length >= 2, 'the next place was tried');
    await stage.close(before);
    stage.line.losesReply = () => false;
    const after = stage.open();
    const [tracker] = await after.lifecycle.resume();
    assert.ok(tracker);
    assert.equal(tracker.sessionId, sessionId);
    await until(() => tracker.state.kind === 'running', 'running');
    assert.deepEqual(
      creates().map(({ status }) => status),
      [
        409,
        201,
        ...creates()
          .slice(2)
          .map(() => 200),
      ],
    );
    const { docker_slot } = await stage.client.getSession(sessionId);
    assert.ok(isDerivedSlot(docker_slot));
    assert.equal((await stage.sessions()).length, 2);
  });

  it('goes on under its id where its place was taken while it was stalled', async () => {
    const window = stage.open();
    const tracker = await start(window, 'Add the cart');
    await untilRunning(tracker);
    await until(() => tracker.held.outbox.pending === 0, 'delivered');
    await stage.client.markSessionStalled(tracker.sessionId, {});
    const other = await stage.client.createSession({ project_id: 'acme/shop', machine_id: 'laptop' });
    await stage.clock.advance(MINUTE);
    await until(() => tracker.held.session.docker_slot !== undefined && tracker.held.outbox.pending === 0, 'it moves');
    const moved = await stage.client.getSession(tracker.sessionId);
    assert.equal(moved.status, 'active');
    assert.equal(moved.docker_slot, tracker.held.session.docker_slot);
    assert.equal((await stage.client.getSession(other.session_id)).status, 'active');
    assert.ok((await tracker.startTask({ name: 'Test the cart' })).ok);
    await until(() => tracker.held.outbox.pending === 0, 'delivered');
    assert.equal((await stage.client.listTasks({ session_id: tracker.sessionId })).total, 2);
    assert.equal(tracker.state.kind, 'running');
  });
});
