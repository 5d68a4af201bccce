import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { HeldSession } from '../../../src/lifecycle/journals.ts';
import { type Files, systemFiles } from '../../../src/lifecycle/outbox/files.ts';
import type { TrackedSession } from '../../../src/lifecycle/tracked-session.ts';
import { unreachable } from '../../support/errors.ts';
import { FakeClock, HOUR, MINUTE, SECOND } from '../../support/fake-clock.ts';
import { createHeld, createTask, started, trackedSession } from '../journals/support/samples.ts';
import { temporaryFolder } from '../journals/support/temporary-folder.ts';
import { openWindow, type TestWindow, type WindowParts } from '../journals/support/window.ts';

describe('the hold on a journal', function () {
  this.timeout(60_000);
  const root = temporaryFolder();
  let session: TrackedSession;
  let windows: TestWindow[];

  beforeEach(() => {
    session = trackedSession();
    windows = [];
  });

  afterEach(() => {
    for (const window of windows) window.journals.dispose();
  });

  function open(parts: Omit<WindowParts, 'root'> = {}): TestWindow {
    const window = openWindow({ root: root(), ...parts });
    window.api.on(/./, () => {
      throw unreachable();
    });
    windows.push(window);
    return window;
  }

  const all = () => true;
  const folder = () => join(root(), 'sessions', session.session_id);

  /** Each turn of the watch looks at the real disk before the next one begins. */
  async function pass(clock: FakeClock, milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += 5 * SECOND) {
      await clock.advance(5 * SECOND);
      for (const { quiet } of windows) await quiet();
    }
  }

  it('ends with its process', async () => {
    const owner = open();
    await createHeld(owner.journals, session, started(session));
    await owner.clock.advance(0);
    const other = open({ clock: owner.clock });
    assert.deepEqual(await other.journals.takeOrphans(all), []);
    owner.die();
    const [taken] = await other.journals.takeOrphans(all);
    assert.ok(taken);
    assert.deepEqual(
      readdirSync(folder()).filter((name) => name.startsWith('owner')),
      ['owner.2'],
    );
    await taken.release();
  });

  it('lasts as long as its process says that it lives', async () => {
    const clock = new FakeClock();
    const owner = open({ clock });
    const held = await createHeld(owner.journals, session, started(session));
    const other = open({ clock, self: { isAlive: () => true } });
    let freed = 0;
    other.journals.onDidFree(() => freed++);
    for (let look = 0; look < 5; look++) {
      assert.deepEqual(await other.journals.takeOrphans(all), []);
      await pass(clock, MINUTE);
    }
    assert.equal(freed, 0);
    assert.equal(await held.stillHeld(), true);
    await held.release();
  });

  it('is free soon after its owner lets go, as when a window still closes while the next one opens', async () => {
    const clock = new FakeClock();
    const owner = open({ clock });
    const held = await createHeld(owner.journals, session, started(session));
    const other = open({ clock, self: { isAlive: () => true } });
    let freed = 0;
    other.journals.onDidFree(() => freed++);
    assert.deepEqual(await other.journals.takeOrphans(all), []);
    await held.release();
    await pass(clock, 5 * SECOND);
    assert.equal(freed, 1);
    const [taken] = await other.journals.takeOrphans(all);
    assert.ok(taken);
    await taken.release();
  });

  for (const [how, leave] of [
    ['lets go of it', async (_owner: TestWindow, held: HeldSession) => held.release()],
    ['dies', async (owner: TestWindow) => owner.die()],
  ] as const) {
    it(`passes to another window of the workspace when its owner ${how}, however long that one was seen alive`, async () => {
      const clock = new FakeClock();
      const owner = open({ clock });
      const held = await createHeld(owner.journals, session, started(session));
      const other = open({ clock });
      let freed = 0;
      other.journals.onDidFree(() => freed++);
      assert.deepEqual(await other.journals.takeOrphans(all), []);
      await pass(clock, 5 * MINUTE);
      assert.equal(freed, 0);
      await leave(owner, held);
      await pass(clock, 5 * SECOND);
      assert.equal(freed, 0, 'a window that is reloaded gets it back before others do');
      await pass(clock, 25 * SECOND);
      assert.equal(freed, 1);
      const [taken] = await other.journals.takeOrphans(all);
      assert.ok(taken);
      assert.equal(await held.stillHeld(), false);
      await taken.release();
    });
  }

  it('is watched no longer when the session is done with', async () => {
    const clock = new FakeClock();
    const owner = open({ clock });
    const held = await createHeld(owner.journals, session, started(session));
    const other = open({ clock });
    assert.deepEqual(await other.journals.takeOrphans(all), []);
    await pass(clock, MINUTE);
    await held.discard();
    await pass(clock, MINUTE);
    assert.equal(clock.pendingTimers, 0);
  });

  for (const [name, self] of [
    ['another process has its pid', { isAlive: () => true }],
    ['it was on another machine', { host: 'desktop', isAlive: () => false }],
  ] as const) {
    it(`ends a lease after the last sign of life where ${name}`, async () => {
      const owner = open();
      await createHeld(owner.journals, session, started(session));
      const other = open({ self });
      const freed: number[] = [];
      other.journals.onDidFree(() => freed.push(other.clock.now()));
      assert.deepEqual(await other.journals.takeOrphans(all), []);
      const begun = other.clock.now();
      await pass(other.clock, 2 * MINUTE);
      assert.equal(freed.length, 1);
      assert.ok((freed[0] ?? 0) - begun >= MINUTE);
      const [taken] = await other.journals.takeOrphans(all);
      assert.ok(taken);
      await taken.release();
    });
  }

  it('is not lost to a window that wakes up first', async () => {
    const owner = open();
    await createHeld(owner.journals, session, started(session));
    const other = open({ self: { isAlive: () => true } });
    let freed = 0;
    other.journals.onDidFree(() => freed++);
    assert.deepEqual(await other.journals.takeOrphans(all), []);
    await pass(other.clock, 50 * SECOND);
    await other.clock.sleep(8 * HOUR);
    await pass(other.clock, 50 * SECOND);
    assert.equal(freed, 0, 'the time asleep counts for nothing');
    assert.deepEqual(await other.journals.takeOrphans(all), []);
    await pass(other.clock, MINUTE);
    assert.equal(freed, 1);
  });

  it('is over for who slept through a take-over, and its end', async () => {
    const owner = open();
    const held = await createHeld(owner.journals, session, started(session));
    owner.die();
    const other = open();
    const [taken] = await other.journals.takeOrphans(all);
    assert.ok(taken);
    assert.equal(await held.stillHeld(), false);
    assert.equal(await held.outbox.add(createTask(session, randomUUID())), 'closed');
    await held.discard();
    assert.ok(existsSync(folder()), 'it is not the old owner’s to delete');
    await taken.discard();
    assert.equal(existsSync(folder()), false);
  });

  it('is over for who looks just when its successor puts its own name there', async () => {
    let misses = 0;
    // A folder that is read while it changes may show neither the old name nor the new one.
    const list: Files['list'] = async (path) =>
      (await systemFiles.list(path)).filter((name) => !name.startsWith('owner') || misses-- <= 0);
    const owner = open({ files: { ...systemFiles, list } });
    const held = await createHeld(owner.journals, session, started(session));
    await owner.quiet();
    owner.die();
    const [taken] = await open().journals.takeOrphans(all);
    assert.ok(taken);
    misses = 1;
    assert.equal(await held.stillHeld(), false);
    assert.equal(await taken.stillHeld(), true);
    await taken.release();
  });

  it('is over for who was asleep while the folder went away', async () => {
    const owner = open();
    const held = await createHeld(owner.journals, session, started(session));
    await owner.quiet();
    rmSync(folder(), { recursive: true });
    await owner.clock.sleep(HOUR);
    assert.equal(await held.stillHeld(), false);
  });

  it('of one session is given to one window, also where both recovered it', async () => {
    const [one, other] = [open(), open()];
    const start = { origin: 'recovered', tasks: [] } as const;
    const both = await Promise.all([one.journals.create(session, start), other.journals.create(session, start)]);
    const [holder, ...others] = both.filter((held) => held !== undefined);
    assert.ok(holder);
    assert.deepEqual(others, []);
    assert.equal(await holder.stillHeld(), true);
    assert.equal(await other.journals.create(session, start), undefined, 'nor later');
    assert.equal(await one.journals.create(session, start), undefined);
    await holder.release();
    const [again] = await open().journals.takeOrphans(all);
    assert.ok(again, 'whoever lost has left nothing in the way');
    await again.release();
  });

  it('is not asked for where nobody wants the session', async () => {
    const owner = open();
    await createHeld(owner.journals, session, started(session));
    owner.die();
    assert.deepEqual(await open().journals.takeOrphans(({ workspace }) => workspace === 'another'), []);
    assert.ok(existsSync(join(folder(), 'owner.1')));
  });

  it('leaves no trace of sessions that are done with', async () => {
    const window = open();
    const held = await createHeld(window.journals, session, { origin: 'recovered', tasks: [] });
    await held.discard();
    const sessions = join(root(), 'sessions');
    const done = trackedSession();
    const end = { kind: 'fail-session', session_id: done.session_id, body: { error_message: 'no' } } as const;
    window.api.on(/mark-failed$/, () => {
      throw unreachable();
    });
    const other = await createHeld(window.journals, done, { origin: 'recovered', tasks: [] });
    await other.outbox.add(end);
    await other.release();
    // Half made, half removed: left by processes that died over it.
    for (const name of ['.new-1', '.gone-1']) {
      mkdirSync(join(sessions, name));
      utimesSync(join(sessions, name), 0, 0);
    }
    mkdirSync(join(sessions, '.new-2'));
    const [again] = await window.journals.takeOrphans(all);
    assert.equal(again?.ended, true);
    await again?.discard();
    assert.deepEqual(readdirSync(sessions), ['.new-2']);
  });
});
