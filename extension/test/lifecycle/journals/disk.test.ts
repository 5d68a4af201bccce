import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { HeldSession } from '../../../src/lifecycle/journals.ts';
import type { TrackedSession } from '../../../src/lifecycle/tracked-session.ts';
import { unreachable } from '../../support/errors.ts';
import { FakeClock, MINUTE, SECOND } from '../../support/fake-clock.ts';
import { sampleSession } from '../../support/sample-session.ts';
import { eventually } from './support/eventually.ts';
import { FaultyFiles } from './support/faulty-files.ts';
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
import { openWindow, type TestWindow } from './support/window.ts';

describe('a journal on the disk', function () {
  this.timeout(60_000);
  const root = temporaryFolder();
  let session: TrackedSession;
  let files: FaultyFiles;
  let clock: FakeClock;
  let windows: TestWindow[];

  beforeEach(() => {
    session = trackedSession();
    files = new FaultyFiles();
    clock = new FakeClock();
    windows = [];
  });

  afterEach(() => {
    for (const window of windows) {
      window.journals.dispose();
      window.connection.dispose();
    }
  });

  function open(): TestWindow {
    const window = openWindow({ root: root(), files, clock });
    window.api.on(/./, () => {
      throw unreachable();
    });
    windows.push(window);
    return window;
  }

  const folder = () => join(root(), 'sessions', session.session_id);
  const journalFile = () => {
    const name = readdirSync(folder()).find((file) => /^journal\.\d+$/.test(file));
    assert.ok(name);
    return join(folder(), name);
  };

  /** As the next process finds it. */
  async function reopened(held: HeldSession): Promise<readonly string[]> {
    await held.release();
    const [again, ...others] = await open().journals.takeOrphans(() => true);
    assert.ok(again, 'it is there');
    assert.deepEqual(others, []);
    const names = again.tasks.map(({ name }) => name);
    await again.release();
    return names;
  }

  async function addTasks(held: HeldSession, from: number, to: number): Promise<string[]> {
    const results: string[] = [];
    for (let number = from; number < to; number++) {
      results.push(await held.outbox.add(createTask(session, randomUUID(), `task ${number}`)));
    }
    return results;
  }

  const names = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `task ${from + index}`);

  it('belongs to its user alone', async () => {
    const held = await createHeld(open().journals, session, started(session));
    assert.equal(statSync(folder()).mode & 0o777, 0o700);
    assert.equal(statSync(join(folder(), '..')).mode & 0o777, 0o700);
    for (const name of readdirSync(folder())) assert.equal(statSync(join(folder(), name)).mode & 0o777, 0o600, name);
    await held.release();
  });

  it('has what was added before `add` says so', async () => {
    const held = await createHeld(open().journals, session, started(session));
    for (let number = 0; number < 20; number++) {
      assert.deepEqual(await addTasks(held, number, number + 1), ['written']);
      assert.ok(readFileSync(journalFile(), 'utf8').includes(`"task ${number}"`));
    }
    await held.release();
  });

  it('comes back wherever it was cut, with all that is whole, and says once what is not', async () => {
    const held = await createHeld(open().journals, session, started(session));
    await addTasks(held, 0, 5);
    await held.release();
    const whole = readFileSync(journalFile());
    const entryFile = journalFile();
    const lines = whole.toString('utf8').split(/(?<=\n)(?=\n)/);
    const header = Buffer.byteLength(lines[0] ?? '');
    // Each of these is a process of its own that finds the file and adds to it; every offset is tried on the lines.
    for (let length = header - 1; length <= whole.length; length += 7) {
      rmSync(folder(), { recursive: true });
      mkdirSync(folder(), { recursive: true });
      writeFileSync(entryFile, whole.subarray(0, length));
      const window = open();
      const [again] = await window.journals.takeOrphans(() => true);
      assert.ok(again, `cut after ${length}`);
      const kept = again.tasks.length;
      assert.deepEqual(await addTasks(again, kept, kept + 1), ['written']);
      assert.deepEqual(await reopened(again), names(0, kept + 1), `cut after ${length}`);
      assert.ok(window.log.lines.filter((line) => line.includes('damaged')).length <= 1);
    }
  });

  it('with garbage at its end takes what is added', async () => {
    const held = await createHeld(open().journals, session, started(session));
    await addTasks(held, 0, 2);
    appendFileSync(journalFile(), '\n12345678 {"half a li');
    await addTasks(held, 2, 3);
    assert.deepEqual(await reopened(held), names(0, 3));
    const warnings = windows.flatMap(({ log }) => log.lines.filter((line) => line.includes('damaged')));
    assert.equal(warnings.length, 1);
  });

  it('that says nothing any more is put aside, not deleted, and keeps nobody from starting', async () => {
    const held = await createHeld(open().journals, session, started(session));
    await held.release();
    writeFileSync(journalFile(), 'nothing of a journal');
    const window = open();
    assert.deepEqual(await window.journals.takeOrphans(() => true), []);
    assert.deepEqual(await window.journals.takeOrphans(() => true), []);
    const [aside] = readdirSync(join(root(), 'sessions', 'damaged'));
    assert.ok(aside);
    const kept = readFileSync(join(root(), 'sessions', 'damaged', aside, 'journal.1'), 'utf8');
    assert.equal(kept, 'nothing of a journal');
    assert.equal(window.log.lines.filter((line) => line.startsWith('error')).length, 1);
  });

  for (let room = 0; room < 1_500; room += 61) {
    it(`survives a disk with room for ${room} more bytes, and is written when there is more`, async () => {
      const window = open();
      const held = await createHeld(window.journals, session, started(session));
      files.room = room;
      const results = await addTasks(held, 0, 10);
      assert.ok(results.includes('kept-in-memory'));
      assert.equal(held.outbox.pending, 11);
      // What a process that dies now leaves behind.
      const left = readFileSync(journalFile());
      files.room = Number.POSITIVE_INFINITY;
      await written(window);
      assert.deepEqual(await addTasks(held, 10, 12), ['written', 'written']);
      assert.deepEqual(await reopened(held), names(0, 12));
      assert.equal(window.log.lines.filter((line) => line.startsWith('warn')).length, 1);
      rmSync(folder(), { recursive: true });
      mkdirSync(folder());
      writeFileSync(join(folder(), 'journal.1'), left);
      const [again] = await open().journals.takeOrphans(() => true);
      const whole = results.filter((result) => result === 'written').length;
      assert.deepEqual(again?.tasks.map(({ name }) => name).slice(0, whole), names(0, whole));
      await again?.release();
    });
  }

  const written = (window: TestWindow) =>
    eventually(
      () => window.log.lines.some((line) => line.includes('on the disk again')),
      () => 'the next try finds room',
      () => clock.advance(SECOND),
    );

  for (const code of ['EROFS', 'EACCES'] as const) {
    it(`begins in memory where the disk answers ${code}`, async () => {
      files.refuses = code;
      const window = open();
      const held = await createHeld(window.journals, session, started(session));
      assert.deepEqual(await addTasks(held, 0, 3), ['kept-in-memory', 'kept-in-memory', 'kept-in-memory']);
      assert.equal(await held.stillHeld(), true);
      window.api.on(/^POST \/api\/sessions/, () => sampleSession());
      await eventually(
        () => held.known,
        () => 'it is delivered all the same',
        () => clock.advance(SECOND),
      );
      files.refuses = undefined;
      await written(window);
      assert.deepEqual(await addTasks(held, 3, 4), ['written']);
      assert.deepEqual(await reopened(held), names(0, 4));
    });
  }

  it('is made again where somebody removed its folder', async () => {
    const window = open();
    const held = await createHeld(window.journals, session, started(session));
    await addTasks(held, 0, 2);
    rmSync(root(), { recursive: true });
    await addTasks(held, 2, 4);
    assert.equal(await held.stillHeld(), true);
    if (window.log.lines.some((line) => line.includes('cannot be written'))) await written(window);
    await addTasks(held, 4, 5);
    assert.deepEqual(await reopened(held), names(0, 5));
  });

  it('keeps nobody waiting for a disk that hangs', async () => {
    const held = await createHeld(open().journals, session, started(session));
    files.hangs = true;
    const added = held.outbox.add(createTask(session, randomUUID()));
    await clock.advance(40);
    assert.equal(await added, 'kept-in-memory');
  });

  it('stays small, and loses nothing that waits', async () => {
    const window = open();
    window.api.on(/^POST \/api\/sessions/, () => sampleSession());
    window.api.on(/^PATCH \/api\/sessions/, () => sampleSession());
    const held = await createHeld(window.journals, session, started(session));
    await held.outbox.whenEmpty(new AbortController().signal);
    const { session_id } = session;
    let largest = 0;
    for (let number = 0; number < 2_500; number++) {
      await held.outbox.add({ kind: 'update-session', session_id, body: { metadata: { number } } });
      if (number % 50 === 0) await held.outbox.whenEmpty(new AbortController().signal);
      largest = Math.max(largest, statSync(journalFile()).size);
    }
    await held.outbox.whenEmpty(new AbortController().signal);
    assert.ok(largest < 400_000, `it grew to ${largest} bytes`);
    window.api.on(/./, () => {
      throw unreachable();
    });
    await addTasks(held, 0, 3);
    await held.outbox.add(completeSession(session));
    assert.deepEqual(await reopened(held), names(0, 3));
    assert.ok(statSync(journalFile()).size < 5_000);
  });

  it('knows where a session stands', async () => {
    const window = open();
    const held = await createHeld(window.journals, session, started(session));
    assert.deepEqual([held.known, held.ended, held.awayMs], [false, false, 0]);
    const task = randomUUID();
    await held.outbox.add(createTask(session, task, 'one'));
    await held.outbox.add(updateTask(session, task, 'blocked'));
    await held.outbox.add(completeSession(session));
    assert.deepEqual([held.known, held.ended], [false, true]);
    await held.release();
    await clock.advance(5 * MINUTE);
    const [again] = await open().journals.takeOrphans(() => true);
    assert.ok(again);
    assert.deepEqual(again.session, session);
    assert.deepEqual([again.known, again.ended, again.awayMs], [false, true, 5 * MINUTE]);
    assert.deepEqual(again.tasks, [{ taskId: task, name: 'one', status: 'blocked' }]);
    await again.discard();
    assert.deepEqual(readdirSync(join(root(), 'sessions')), []);
  });

  it('knows the new names of tasks, and not those that were removed', async () => {
    const held = await createHeld(open().journals, session, started(session));
    const [kept, gone] = [randomUUID(), randomUUID()];
    await held.outbox.add(createTask(session, kept, 'one'));
    await held.outbox.add(createTask(session, gone, 'two'));
    await held.outbox.add(updateTask(session, kept, 'in_progress'));
    await held.outbox.add(renameTask(session, kept, 'the first'));
    await held.outbox.add(deleteTask(session, gone));
    const expected = [{ taskId: kept, name: 'the first', status: 'in_progress' }];
    assert.deepEqual(held.tasks, expected);
    await held.release();
    const [again] = await open().journals.takeOrphans(() => true);
    assert.ok(again);
    assert.deepEqual(again.tasks, expected);
    await again.release();
  });

  it('of a session that was recovered begins with its tasks', async () => {
    const tasks = [{ taskId: randomUUID(), name: 'from before', status: 'completed' as const }];
    const held = await createHeld(open().journals, session, { origin: 'recovered', tasks });
    assert.deepEqual([held.known, held.outbox.pending], [true, 0]);
    await held.release();
    const [again] = await open().journals.takeOrphans(() => true);
    assert.deepEqual(again?.tasks, tasks);
    assert.equal(again?.known, true);
    await again?.release();
  });

  it('that lost all but its first line is still a session', async () => {
    const held = await createHeld(open().journals, session, started(session));
    await held.release();
    truncateSync(journalFile(), Math.floor(statSync(journalFile()).size / 2) + 120);
    const [again] = await open().journals.takeOrphans(() => true);
    assert.ok(again);
    await again.release();
  });
});
