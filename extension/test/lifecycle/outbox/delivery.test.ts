import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { ApiError, ConflictError, RateLimitedError, type Task } from '@claude-projects/shared/client';
import { CreateSession, isDerivedSlot, nextDerivedSlot, type TaskStatus } from '@claude-projects/shared/contract';
import type { HeldSession } from '../../../src/lifecycle/journals.ts';
import type { Change } from '../../../src/lifecycle/outbox/change.ts';
import { keyRefused, noDatabase, notOurs, placeTaken, sessionEnded, unreachable } from '../../support/errors.ts';
import { MINUTE, SECOND, settle } from '../../support/fake-clock.ts';
import { sampleSession } from '../../support/sample-session.ts';
import { readyEndpoint } from '../../support/scripted-api.ts';
import { eventually, untilEmpty } from '../journals/support/eventually.ts';
import {
  completeSession,
  createHeld,
  createTask,
  deleteTask,
  renameTask,
  started,
  trackedSession,
  updateTask,
} from '../journals/support/samples.ts';
import { temporaryFolder } from '../journals/support/temporary-folder.ts';
import { openWindow, type TestWindow } from '../journals/support/window.ts';

const session = trackedSession();

function sampleTask(task_id: string, status: TaskStatus): Task {
  const at = session.since;
  return {
    task_id,
    session_id: session.session_id,
    project_id: session.project_id,
    github_issue_id: null,
    task_name: 'a task',
    status,
    position: 0,
    started_at: null,
    completed_at: null,
    error_message: null,
    metadata: {},
    created_at: at,
    updated_at: at,
  };
}

const health = { status: 'ok', service: 'claude-projects', version: '1', uptime: 1, timestamp: session.since };

const refusal = (code: 'VALIDATION_FAILED' | 'UNKNOWN_SESSION', field = 'metadata') =>
  new ApiError('no', { code, status: 400, requestId: 'req-1', details: [{ field, message: 'is wrong' }] });
const throwing = (error: () => Error) => () => {
  throw error();
};

describe('delivery', function () {
  this.timeout(60_000);
  const root = temporaryFolder();
  let window: TestWindow;
  let held: HeldSession;
  let heard: string[];

  beforeEach(async () => {
    window = openWindow({ root: root() });
    window.api.on(/^POST \/api\/sessions$/, () => sampleSession());
    window.api.on(/^POST \/api\/tasks$/, () => sampleTask(randomUUID(), 'pending'));
    window.api.on(/^PATCH \/api\/tasks\//, () => sampleTask(randomUUID(), 'pending'));
    window.api.on(/^PATCH \/api\/sessions\//, () => sampleSession());
    window.api.on(/health$/, () => health);
  });

  afterEach(async () => {
    await held.release();
    window.journals.dispose();
    window.connection.dispose();
  });

  it('tells what the API replied at the very moment at which the change waits no more', async () => {
    await begin();
    const told: string[] = [];
    held.outbox.onDidLearn(({ kind }) => told.push(`${kind}, ${held.outbox.waiting.length} waiting`));
    await held.outbox.add(createTask(session, randomUUID()));
    await untilDelivered('the task');
    assert.deepEqual(told.at(-1), 'task, 0 waiting');
  });

  async function begin(): Promise<void> {
    held = await createHeld(window.journals, session, started(session));
    heard = [];
    held.outbox.onDidChangeHealth((health) => heard.push(health));
    held.outbox.onDidDeliver(({ kind }) => heard.push(`delivered ${kind}`));
    held.outbox.onDidRefuse(({ change, error }) => heard.push(`refused ${change.kind} ${error.code}`));
  }

  const until = (condition: () => boolean, why: string) =>
    eventually(condition, () => `${why}; heard ${heard.join(', ')}`);

  const untilDelivered = (why: string) => untilEmpty(held.outbox, () => `${why}; heard ${heard.join(', ')}`);

  const linesSent = () => window.api.requests.map(({ line }) => line.replace(/[0-9a-f-]{36}/, '…'));
  const bodiesSent = (pattern: RegExp) => window.api.lines(pattern).map(({ body }) => body);

  it('keeps the order, one at a time', async () => {
    await begin();
    const [one, other] = [randomUUID(), randomUUID()];
    await Promise.all([
      held.outbox.add(createTask(session, one)),
      held.outbox.add(updateTask(session, one, 'in_progress')),
      held.outbox.add(createTask(session, other)),
      held.outbox.add(updateTask(session, one, 'completed')),
    ]);
    await untilDelivered('delivered');
    assert.deepEqual(linesSent(), [
      'POST /api/sessions',
      'POST /api/tasks',
      'PATCH /api/tasks/…',
      'POST /api/tasks',
      'PATCH /api/tasks/…',
    ]);
    assert.equal(held.known, true);
    assert.equal(held.outbox.pending, 0);
  });

  describe('of a title that was made of a prompt', () => {
    const title = {
      kind: 'update-session',
      session_id: session.session_id,
      body: { metadata: { title: 'Secret' } },
    } as const;
    const sent = () => window.api.requests.map(({ line, body }) => `${line} ${JSON.stringify(body)}`).join('\n');

    it('stops at this machine: a remote API never hears of it', async () => {
      const claude = { ...session, metadata: { source: 'claude-code', title: 'Secret', cwd: '/shop' } };
      held = await createHeld(window.journals, claude, started(claude));
      await held.outbox.add(title);
      await held.outbox.add({ ...title, body: { status: 'paused', metadata: { title: 'Secret', note: 'kept' } } });
      await untilEmpty(held.outbox, () => sent());
      assert.doesNotMatch(sent(), /Secret/);
      assert.match(sent(), /"cwd":"\/shop"/);
      assert.deepEqual(bodiesSent(/^PATCH \/api\/sessions/), [{ status: 'paused', metadata: { note: 'kept' } }]);
    });

    it('reaches the local server', async () => {
      window.source.change(readyEndpoint('local', 'local'));
      await begin();
      await held.outbox.add(title);
      await untilDelivered('delivered');
      assert.deepEqual(bodiesSent(/^PATCH \/api\/sessions/), [title.body]);
    });

    it('is no matter where an orchestrator has chosen the title itself', async () => {
      const orchestrated = { ...session, metadata: { title: 'Nightly build' } };
      held = await createHeld(window.journals, orchestrated, started(orchestrated));
      await untilEmpty(held.outbox, () => sent());
      assert.match(sent(), /Nightly build/);
    });
  });

  it('tries again with growing waits, and says so after the fourth', async () => {
    window.api.on(/^POST \/api\/sessions$/, throwing(unreachable));
    await begin();
    const tries = () => window.api.lines(/sessions$/).length;
    for (const [number, wait] of [1, 2, 4, 8, 16, 32, 60, 60].entries()) {
      await until(() => tries() === number + 1 && window.clock.pendingTimers > 0, `try ${number + 1}`);
      await settle();
      assert.equal(held.outbox.health, number < 3 ? 'retrying' : 'degraded', `after try ${number + 1}`);
      await window.clock.advance(wait * SECOND - 1);
      assert.equal(tries(), number + 1, `no try before ${wait} s are over`);
      await window.clock.advance(1);
    }
    window.api.on(/^POST \/api\/sessions$/, () => sampleSession());
    await until(() => tries() === 9, 'the ninth try');
    await window.clock.advance(MINUTE);
    await untilDelivered('delivered');
    assert.deepEqual(heard, ['retrying', 'degraded', 'delivering', 'delivered create-session']);
  });

  for (const [name, error] of Object.entries({
    'a fault of the server': () => new ApiError('fault', { code: 'INTERNAL_ERROR', status: 500 }),
    'no database': noDatabase,
    'something that is not our API': notOurs,
    'an API without such a route': () => new ApiError('no', { code: 'ROUTE_NOT_FOUND', status: 404 }),
  })) {
    it(`loses nothing to ${name}`, async () => {
      window.api.on(/^POST \/api\/sessions$/, throwing(error));
      await begin();
      await until(() => held.outbox.health === 'retrying', 'waits for the next try');
      window.api.on(/^POST \/api\/sessions$/, () => sampleSession());
      await window.clock.advance(SECOND);
      await untilDelivered('delivered');
    });
  }

  it('waits as long as the API asks', async () => {
    window.api.on(
      /^POST \/api\/sessions$/,
      throwing(() => new RateLimitedError('slow down', { code: 'RATE_LIMITED', status: 429, retryAfterMs: 30_000 })),
    );
    await begin();
    await until(() => held.outbox.health === 'retrying', 'waits');
    window.api.on(/^POST \/api\/sessions$/, () => sampleSession());
    await window.clock.advance(29 * SECOND);
    assert.equal(window.api.requests.length, 1);
    await window.clock.advance(SECOND);
    await untilDelivered('delivered');
  });

  it('tries at once when a call of somebody else went through', async () => {
    window.api.on(/^POST \/api\/sessions$/, throwing(noDatabase));
    await begin();
    await until(() => held.outbox.health === 'retrying', 'waits');
    window.api.on(/^POST \/api\/sessions$/, () => sampleSession());
    await window.connection.call((client) => client.getSession(session.session_id)).catch(() => undefined);
    window.api.on(/^GET/, () => sampleSession());
    await window.connection.call((client) => client.getSession(session.session_id));
    await untilDelivered('delivered without a moment having passed');
  });

  it('sends nothing while the key is refused, and goes on with another', async () => {
    window.api.on(/^POST \/api\/sessions$/, throwing(keyRefused));
    await begin();
    await until(() => held.outbox.health === 'degraded', 'people are told at once');
    await window.clock.advance(10 * MINUTE);
    assert.equal(window.api.requests.length, 1);
    window.api.on(/^POST \/api\/sessions$/, () => sampleSession());
    window.source.change(readyEndpoint('second'));
    await untilDelivered('delivered');
    assert.deepEqual(heard, ['degraded', 'delivering', 'delivered create-session']);
  });

  it('sets aside what is refused, and goes on', async () => {
    window.api.on(
      /^POST \/api\/tasks$/,
      throwing(() => refusal('VALIDATION_FAILED')),
    );
    await begin();
    await held.outbox.add(createTask(session, randomUUID()));
    await held.outbox.add(completeSession(session));
    await untilDelivered('the rest is delivered');
    assert.deepEqual(heard, [
      'delivered create-session',
      'refused create-task VALIDATION_FAILED',
      'delivered update-session',
    ]);
    const warnings = window.log.lines.filter((line) => line.startsWith('warn'));
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /VALIDATION_FAILED, req-1/);
  });

  it('goes on where an older API does not know that a task may take another name', async () => {
    window.api.on(/^PATCH \/api\/tasks\//, ({ body }) => {
      if (typeof body === 'object' && body !== null && 'task_name' in body) {
        throw refusal('VALIDATION_FAILED', 'task_name');
      }
      return sampleTask(randomUUID(), 'completed');
    });
    await begin();
    const task = randomUUID();
    await held.outbox.add(renameTask(session, task, 'another name'));
    await held.outbox.add(updateTask(session, task, 'completed'));
    await untilDelivered('the step is delivered');
    assert.deepEqual(heard, [
      'delivered create-session',
      'refused update-task VALIDATION_FAILED',
      'delivered update-task',
    ]);
    assert.equal(held.outbox.health, 'delivering');
  });

  for (const error of [noDatabase, () => new ApiError('no', { code: 'ROUTE_NOT_FOUND', status: 404 })]) {
    it(`keeps the removal of a task where the API answers ${error().message}`, async () => {
      window.api.on(/^GET \/api\/tasks\//, throwing(error));
      await begin();
      await held.outbox.add(deleteTask(session, randomUUID()));
      await until(() => held.outbox.health === 'retrying', 'waits');
      assert.equal(held.outbox.pending, 1);
    });
  }

  it('tells of a session that ended elsewhere', async () => {
    window.api.on(
      /^PATCH \/api\/tasks/,
      throwing(() => sessionEnded(randomUUID())),
    );
    await begin();
    await held.outbox.add(updateTask(session, randomUUID(), 'in_progress'));
    await untilDelivered('set aside');
    assert.deepEqual(heard, ['delivered create-session', 'refused update-task SESSION_ENDED']);
  });

  describe('where the place is taken', () => {
    const slots = () => bodiesSent(/^POST \/api\/sessions$/).map((body) => CreateSession.parse(body).docker_slot);
    const takenTimes = (times: number) => () => {
      if (window.api.lines(/^POST \/api\/sessions$/).length <= times) throw placeTaken(randomUUID());
      return sampleSession();
    };

    it('takes the next until one is free, under the same id, and tells what followed', async () => {
      window.api.on(/^POST \/api\/sessions$/, takenTimes(3));
      await begin();
      await held.outbox.add(createTask(session, randomUUID()));
      await untilDelivered('delivered');
      const [none, first = 0, ...others] = slots();
      assert.equal(none, undefined);
      assert.ok(isDerivedSlot(first));
      assert.deepEqual(others, [nextDerivedSlot(first), nextDerivedSlot(nextDerivedSlot(first))]);
      const ids = bodiesSent(/^POST \/api\/sessions$/).map((body) => CreateSession.parse(body).session_id);
      assert.deepEqual([...new Set(ids)], [session.session_id]);
      assert.deepEqual(heard, ['delivered create-session', 'delivered create-task'], 'nobody is troubled with it');
      assert.equal(held.session.docker_slot, others.at(-1));
    });

    it('goes on with the place that it last chose after its process died in between', async () => {
      window.api.on(/^POST \/api\/sessions$/, () => {
        if (window.api.lines(/^POST \/api\/sessions$/).length === 1) throw placeTaken(randomUUID());
        throw unreachable();
      });
      await begin();
      await until(() => slots().length === 2, 'the second place was tried');
      await window.quiet();
      window.die();
      const next = openWindow({ root: root() });
      next.api.on(/^POST \/api\/sessions$/, () => sampleSession());
      const [again] = await next.journals.takeOrphans(() => true);
      assert.ok(again);
      await untilEmpty(again.outbox, () => 'delivered');
      const sent = next.api.lines(/^POST \/api\/sessions$/).map(({ body }) => CreateSession.parse(body).docker_slot);
      assert.deepEqual(sent, slots().slice(1));
      assert.equal(again.session.docker_slot, sent[0]);
      await again.release();
      next.journals.dispose();
      next.connection.dispose();
    });

    it('pauses after many in a row, instead of asking the API without end', async () => {
      window.api.on(/^POST \/api\/sessions$/, takenTimes(100));
      await begin();
      await until(() => held.outbox.health === 'retrying', 'waits');
      assert.equal(slots().length, 16);
    });
  });

  it('sets everything aside, in one line, where the session itself is refused', async () => {
    window.api.on(/^POST \/api\/sessions$/, throwing(unreachable));
    await begin();
    for (let count = 0; count < 20; count++) await held.outbox.add(createTask(session, randomUUID()));
    const used = () => new ConflictError('used', { code: 'ID_REUSED', status: 409, requestId: 'req-2' });
    window.api.on(/^POST \/api\/sessions$/, throwing(used));
    await window.clock.advance(MINUTE);
    await untilDelivered('set aside');
    assert.deepEqual(heard.slice(-1), ['refused create-session ID_REUSED']);
    assert.deepEqual(window.api.lines(/tasks/), []);
    assert.equal(window.log.lines.filter((line) => line.startsWith('warn')).length, 1);
    assert.equal(await held.outbox.add(createTask(session, randomUUID())), 'closed');
    assert.equal(held.known, false);
  });

  it('delivers undated what the API thinks has not happened yet', async () => {
    window.api.on(/^POST \/api\/tasks$/, ({ body }) => {
      if (typeof body === 'object' && body !== null && 'occurred_at' in body) {
        throw refusal('VALIDATION_FAILED', 'occurred_at');
      }
      return sampleTask(randomUUID(), 'pending');
    });
    await begin();
    await held.outbox.add(createTask(session, randomUUID(), 'from the future'));
    await untilDelivered('delivered');
    assert.deepEqual(heard, ['delivered create-session', 'delivered create-task']);
    assert.equal(bodiesSent(/tasks$/).length, 2);
  });

  for (const [status, expected] of [
    ['completed', 'delivered update-task'],
    ['failed', 'delivered update-task'],
    ['in_progress', 'delivered update-task'],
    ['pending', 'refused update-task INVALID_TRANSITION'],
    ['blocked', 'refused update-task INVALID_TRANSITION'],
  ] as const) {
    it(`counts the start of a task that is ${status} as ${expected.split(' ')[0]}`, async () => {
      const task = randomUUID();
      const invalid = () => new ConflictError('no such step', { code: 'INVALID_TRANSITION', status: 409 });
      window.api.on(/^PATCH \/api\/tasks/, throwing(invalid));
      window.api.on(/^GET \/api\/tasks/, () => sampleTask(task, status));
      await begin();
      await held.outbox.add(updateTask(session, task, 'in_progress'));
      await untilDelivered('done with');
      assert.deepEqual(heard, ['delivered create-session', expected]);
    });
  }

  it('keeps in mind which API knows the session', async () => {
    window.source.endpoint = readyEndpoint('team', 'remote', 'https://team.example');
    await begin();
    await untilDelivered('it is known there');
    assert.equal(held.home, 'https://team.example');
    await held.release();
    const [again] = await window.journals.takeOrphans(() => true);
    assert.ok(again);
    held = again;
    assert.equal(held.home, 'https://team.example');
  });

  it('takes 10,000 that wait, and the end of the session', async () => {
    window.api.on(/^POST \/api\/sessions$/, throwing(unreachable));
    await begin();
    const task = createTask(session, randomUUID());
    const results = await Promise.all(Array.from({ length: 9_999 }, () => held.outbox.add(task)));
    assert.deepEqual([...new Set(results)], ['written']);
    assert.equal(await held.outbox.add(task), 'full');
    assert.equal(await held.outbox.add(completeSession(session)), 'written');
    assert.equal(held.outbox.pending, 10_001);
    assert.equal(held.ended, true);
  });

  it('takes 16 million characters that wait, and the end of the session', async () => {
    window.api.on(/^POST \/api\/sessions$/, throwing(unreachable));
    await begin();
    const task = createTask(session, randomUUID());
    const large: Change = task.kind === 'create-task' ? { ...task, body: { ...task.body, metadata: sixtyKiB } } : task;
    let taken = 0;
    while (taken < 1000 && (await held.outbox.add(large)) !== 'full') taken += 1;
    assert.ok(taken > 250 && taken < 280, `${taken} were taken`);
    assert.equal(await held.outbox.add(task), 'written', 'a small one still fits');
    assert.equal(await held.outbox.add(completeSession(session)), 'written');
    await held.release();
    // What waits is counted anew by the next process.
    window.api.on(/^POST \/api\/sessions$/, () => sampleSession());
    const [again] = await window.journals.takeOrphans(() => true);
    assert.ok(again);
    held = again;
    assert.equal(await held.outbox.add(large), 'full');
    await untilDelivered('there is room again');
    assert.equal(await held.outbox.add(large), 'written');
  });
});

const sixtyKiB = { text: 'x'.repeat(60 * 1024) };
