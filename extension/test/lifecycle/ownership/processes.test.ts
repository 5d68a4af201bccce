import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HeldSession } from '../../../src/lifecycle/journals.ts';
import { JournalsOnDisk } from '../../../src/lifecycle/journals-on-disk.ts';
import { systemFiles } from '../../../src/lifecycle/outbox/files.ts';
import { readJournal } from '../../../src/lifecycle/outbox/read-journal.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { systemRandom } from '../../../src/platform/random.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { ScriptedApi, scriptedConnection } from '../../support/scripted-api.ts';
import { eventually } from '../journals/support/eventually.ts';
import { trackedSession } from '../journals/support/samples.ts';
import { temporaryFolder } from '../journals/support/temporary-folder.ts';
import { workers } from './support/workers.ts';

const TIMES = { leaseMs: 1_200, renewMs: 200 };
const CONTENDERS = 20;
const ROUNDS = 20;

describe('ownership among real processes', function () {
  // Twenty processes start at once, which takes a while where others run beside them.
  this.timeout(180_000);
  const root = temporaryFolder();
  const start = workers();
  let journals: JournalsOnDisk;

  beforeEach(() => {
    const log = new RecordingLog();
    // Nobody calls the API here.
    const { connection } = scriptedConnection({ api: new ScriptedApi(), clock: new FakeClock(), log });
    journals = new JournalsOnDisk({
      root: root(),
      connection,
      clock: systemClock,
      random: systemRandom,
      log,
      times: TIMES,
    });
  });

  afterEach(() => journals.dispose());

  const folderOf = (sessionId: string) => join(root(), 'sessions', sessionId);

  it(`gives a folder to one of ${CONTENDERS} who want it in the same moment`, async () => {
    const all = await Promise.all(Array.from({ length: CONTENDERS }, () => start()));
    for (let round = 0; round < ROUNDS; round++) {
      const folder = join(root(), `folder-${round}`);
      mkdirSync(folder);
      for (const worker of all) {
        worker.reports.length = 0;
        worker.order({ do: 'take', folder, times: TIMES });
      }
      await Promise.all(all.map((worker) => worker.until(() => worker.has('taken') || worker.has('held'))));
      assert.equal(all.filter((worker) => worker.has('taken')).length, 1, `round ${round}`);
    }
  });

  it('gives the folder of a dead one to one of those who want it', async () => {
    const owner = await start();
    const folder = join(root(), 'folder');
    mkdirSync(folder);
    owner.order({ do: 'take', folder, times: TIMES });
    await owner.until(() => owner.has('taken'));
    const others = await Promise.all(Array.from({ length: 5 }, () => start()));
    for (const worker of others) worker.order({ do: 'take', folder, times: TIMES });
    await Promise.all(others.map((worker) => worker.until(() => worker.has('held'))));
    owner.signal('SIGKILL');
    await owner.ended;
    for (const worker of others) {
      worker.reports.length = 0;
      worker.order({ do: 'take', folder, times: TIMES });
    }
    await Promise.all(others.map((worker) => worker.until(() => worker.has('taken') || worker.has('held'))));
    assert.equal(others.filter((worker) => worker.has('taken')).length, 1);
  });

  for (let round = 0; round < 20; round++) {
    it(`keeps all that was added before it was killed in the middle, time ${round + 1}`, async () => {
      const session = trackedSession();
      const worker = await start();
      worker.order({ do: 'add', root: root(), session, times: TIMES });
      await worker.until(() => worker.count('added') > round * 7);
      worker.signal('SIGKILL');
      await worker.ended;
      const [held] = await journals.takeOrphans(() => true);
      assert.ok(held);
      const there = new Set(held.tasks.map(({ name }) => name));
      const promised = worker.reports.flatMap((report) =>
        report.kind === 'added' && report.result === 'written' ? [`task ${report.number}`] : [],
      );
      assert.deepEqual(
        promised.filter((name) => !there.has(name)),
        [],
      );
      assert.ok(promised.length > 0);
      await held.discard();
    });
  }

  it('goes on where the system lets no file grow any more, and keeps what it wrote', async () => {
    const session = trackedSession();
    const worker = await start({ maxFileBlocks: 16 });
    worker.order({ do: 'add', root: root(), session, times: TIMES });
    // Until 10,000 are kept in memory.
    await worker.until(() => worker.has('stopped'));
    assert.deepEqual(worker.reports.at(-1), { kind: 'stopped', stillHeld: true });
    worker.signal('SIGKILL');
    await worker.ended;
    const results = worker.reports.flatMap((report) => (report.kind === 'added' ? [report.result] : []));
    assert.equal(results.length, 9_999);
    const written = results.indexOf('kept-in-memory');
    assert.ok(written > 0, `${written} were written`);
    assert.ok(!results.slice(written).includes('written'));
    const [held] = await journals.takeOrphans(() => true);
    assert.deepEqual(
      held?.tasks.slice(0, written).map(({ name }) => name),
      Array.from({ length: written }, (_, number) => `task ${number}`),
    );
    await held?.discard();
  });

  it('is over for an owner that was stopped for longer than its lease, and wakes up', async () => {
    const session = trackedSession();
    const worker = await start();
    worker.order({ do: 'add', root: root(), session, times: TIMES });
    await worker.until(() => worker.count('added') > 20);
    worker.signal('SIGSTOP');
    const held = await takenOver();
    const file = join(folderOf(session.session_id), 'journal.2');
    const before = readFileSync(file);
    const there = new Set(held.tasks.map(({ name }) => name));

    worker.signal('SIGCONT');
    await worker.until(() => worker.has('stopped'));
    assert.deepEqual(worker.reports.at(-1), { kind: 'stopped', stillHeld: false });
    assert.deepEqual(readFileSync(file), before);
    assert.equal(await held.stillHeld(), true);
    const read = await readJournal(systemFiles, folderOf(session.session_id));
    assert.equal(read.kind === 'read' && read.state.pending, held.outbox.pending);
    const lost = worker.reports.flatMap((report) =>
      report.kind === 'added' && report.result === 'written' && !there.has(`task ${report.number}`) ? [report] : [],
    );
    assert.deepEqual(lost, [], 'what it was told is written, its successor has');
    await held.discard();
  });

  /** As a window does: asks once, and again when the watch says so. */
  async function takenOver(): Promise<HeldSession> {
    const found: HeldSession[] = [];
    const look = async () => void found.push(...(await journals.takeOrphans(() => true)));
    const freed = journals.onDidFree(() => void look());
    await look();
    assert.deepEqual(found, [], 'its process lives: only time can tell');
    await eventually(
      () => found.length > 0,
      () => 'the lease runs out',
    );
    freed.dispose();
    const [held] = found;
    assert.ok(held);
    return held;
  }
});
