import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { HeldSession } from '../../../src/lifecycle/journals.ts';
import type { TrackedSession } from '../../../src/lifecycle/tracked-session.ts';
import { sampleTask } from '../../sessions/support/store-bench.ts';
import { unreachable } from '../../support/errors.ts';
import { sampleSession } from '../../support/sample-session.ts';
import { untilEmpty } from './support/eventually.ts';
import { completeSession, createTask, started, trackedSession, updateTask } from './support/samples.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { openWindow, type TestWindow } from './support/window.ts';

const MESSAGE = { kind: 'send-message', body: { text: 'ship it', urgent: true } };

describe('a journal that a newer version wrote to', () => {
  const root = temporaryFolder();
  let session: TrackedSession;
  let windows: TestWindow[];

  beforeEach(() => {
    session = trackedSession();
    windows = [];
  });

  afterEach(() => {
    for (const window of windows) {
      window.journals.dispose();
      window.connection.dispose();
    }
  });

  const open = (online: boolean) => {
    const window = openWindow({ root: root() });
    window.api.on(/./, () => {
      if (!online) throw unreachable();
      return sampleSession();
    });
    if (online) window.api.on(/^POST \/api\/tasks$/, () => sampleTask(sampleSession()));
    windows.push(window);
    return window;
  };
  const folder = () => join(root(), 'sessions', session.session_id);
  const journalFile = () => {
    const name = readdirSync(folder()).find((file) => /^journal\.\d+$/.test(file));
    assert.ok(name);
    return join(folder(), name);
  };
  const journal = () => readFileSync(journalFile(), 'utf8');
  const entriesOf = (text: string) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line.slice(9)));
  const lineOf = (json: string) => `\n${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
  /** Appends entries as a newer version does between two runs of ours. */
  const newerVersionAdds = (...entries: object[]) => {
    for (const entry of entries) appendFileSync(journalFile(), lineOf(JSON.stringify(entry)));
  };
  const begun = async (window: TestWindow): Promise<HeldSession> => {
    const held = await window.journals.create(session, started(session));
    assert.ok(held);
    return held;
  };
  const takeOver = async (window: TestWindow): Promise<HeldSession> => {
    const [held, ...others] = await window.journals.takeOrphans(() => true);
    assert.ok(held, 'it is there');
    assert.deepEqual(others, []);
    return held;
  };
  const warnings = () => windows.flatMap(({ log }) => log.lines.filter((line) => line.includes('damaged')));

  it('keeps what this version does not understand, in its place, and reports no damage', async () => {
    const held = await begun(open(false));
    await held.release();
    newerVersionAdds(
      { entry: 'change', seq: 1, change: MESSAGE },
      { entry: 'subscribed', topics: ['requests'] },
      { entry: 'change', seq: 2, change: { ...updateTask(session, randomUUID(), 'blocked'), priority: 'high' } },
      { entry: 'change', seq: 3, change: { kind: 'update-session', body: { status: 'hibernating' } } },
    );
    const again = await takeOver(open(false));
    await again.outbox.add(createTask(session, randomUUID(), 'build'));
    await again.release();
    const kinds = entriesOf(journal()).map((entry) =>
      JSON.stringify(entry).replace(/"(seq|tasks|since|task_id)".*/, ''),
    );
    assert.equal(kinds.length, 7);
    const text = journal();
    assert.ok(text.includes(JSON.stringify({ entry: 'change', seq: 1, change: MESSAGE })));
    assert.ok(text.includes('{"entry":"subscribed","topics":["requests"]}'));
    assert.ok(text.includes('"priority":"high"'));
    const seqs = [...text.matchAll(/"entry":"change","seq":(\d)/g)].map(([, seq]) => Number(seq));
    assert.deepEqual(seqs, [0, 1, 2, 3, 4]);
    assert.deepEqual(warnings(), []);
  });

  it('is delivered as far as this version understands it', async () => {
    const held = await begun(open(false));
    await held.release();
    newerVersionAdds({ entry: 'change', seq: 1, change: MESSAGE });
    const window = open(true);
    const again = await takeOver(window);
    await again.outbox.add(createTask(session, randomUUID(), 'build'));
    await untilEmpty(again.outbox);
    await again.release();
    assert.deepEqual(
      window.api.requests.map(({ line }) => line),
      ['POST /api/sessions', 'POST /api/tasks'],
    );
    assert.deepEqual(
      entriesOf(journal()).filter((entry) => JSON.stringify(entry).includes('send-message')),
      [{ entry: 'change', seq: 1, change: MESSAGE }],
    );
  });

  it('stays when its session is over, for the newer version alone', async () => {
    const held = await begun(open(true));
    await held.release();
    newerVersionAdds({ entry: 'change', seq: 1, change: MESSAGE });
    const again = await takeOver(open(true));
    await again.outbox.add(completeSession(session));
    await untilEmpty(again.outbox);
    await again.discard();
    const left = journal();
    assert.ok(left.includes('send-message'));
    assert.deepEqual(await open(true).journals.takeOrphans(() => true), []);
    assert.equal(journal(), left);
    assert.deepEqual(readdirSync(folder()).filter((name) => name.startsWith('owner.')).length, 1);
  });

  it('goes when the newer version has delivered its own, and the session is over', async () => {
    const held = await begun(open(true));
    await held.release();
    newerVersionAdds({ entry: 'change', seq: 1, change: MESSAGE }, { entry: 'delivered', seq: 1 });
    const again = await takeOver(open(true));
    await again.outbox.add(completeSession(session));
    await untilEmpty(again.outbox);
    await again.discard();
    assert.ok(!existsSync(folder()));
  });

  it('keeps the fields that only the newer version knows, and sends those of a change', async () => {
    const held = await begun(open(false));
    const task = randomUUID();
    await held.outbox.add(createTask(session, task, 'build'));
    await held.release();
    const [header, create] = journal().split(/(?<=\n)(?=\n)/);
    assert.ok(header !== undefined && create !== undefined);
    const edited = entriesOf(header + create).map((entry) =>
      JSON.stringify(entry)
        .replace('"workspace":"shop"', '"workspace":"shop","worktree":"/src/shop"')
        .replace('"ended":false', '"ended":false,"title":"Fix the till"')
        .replace('"occurred_at"', '"title":"Fix the till","occurred_at"'),
    );
    writeFileSync(journalFile(), edited.map(lineOf).join(''));
    const window = open(true);
    const again = await takeOver(window);
    await untilEmpty(again.outbox);
    await again.release();
    const [rewritten] = entriesOf(journal());
    assert.ok(JSON.stringify(rewritten).includes('"worktree":"/src/shop"'));
    assert.ok(JSON.stringify(rewritten).includes('"title":"Fix the till"'));
    assert.ok(JSON.stringify(window.api.requests[0]?.body).includes('"title":"Fix the till"'));
  });

  it('is not touched where its header is of another version', async () => {
    const held = await begun(open(false));
    await held.release();
    const text = lineOf(JSON.stringify({ entry: 'header', version: 2, session_id: session.session_id }));
    writeFileSync(journalFile(), text);
    const window = open(false);
    assert.deepEqual(await window.journals.takeOrphans(() => true), []);
    assert.equal(await window.journals.create(session, started(session)), undefined);
    assert.equal(journal(), text);
    assert.deepEqual(warnings(), []);
    assert.deepEqual(readdirSync(join(root(), 'sessions')), [session.session_id]);
  });
});
