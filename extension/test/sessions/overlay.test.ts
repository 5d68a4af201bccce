import assert from 'node:assert/strict';
import type { Session } from '@claude-projects/shared/client';
import type { OwnSession } from '../../src/lifecycle/own-session.ts';
import { overlay } from '../../src/sessions/overlay.ts';
import { sampleSession } from '../support/sample-session.ts';
import { sampleTask } from './support/store-bench.ts';

const SESSION_ID = 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa';
const ONE = 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb';
const TWO = 'cccccccc-cccc-4ccc-8ccc-cccccccccccc';
const SINCE = '2026-03-01T09:00:00.000Z';
const LATER = '2026-03-01T09:00:07.000Z';
const NOW = Date.parse('2026-03-01T09:00:30.000Z');

const write = { taskId: ONE, name: 'Write it', status: 'in_progress' } as const;

function own(changes: Partial<OwnSession> = {}): OwnSession {
  return {
    session: {
      session_id: SESSION_ID,
      project_id: 'acme/shop',
      machine_id: 'laptop',
      workspace: 'here',
      since: SINCE,
      metadata: { branch: 'main' },
    },
    tasks: [],
    present: { activity: 'working', activityDetail: undefined, currentTask: undefined },
    undelivered: [],
    ...changes,
  };
}

const createTask = (task_id: string, task_name: string) =>
  ({
    kind: 'create-task',
    body: { task_id, session_id: SESSION_ID, project_id: 'acme/shop', task_name, occurred_at: LATER },
  }) as const;
const updateTask = (task_id: string, body: object) =>
  ({ kind: 'update-task', task_id, body: { session_id: SESSION_ID, occurred_at: LATER, ...body } }) as const;
const read = (changes: Partial<Session> = {}) => sampleSession({ session_id: SESSION_ID, ...changes });
const unread = { session: undefined, tasks: undefined };

describe('what this window knows, over what the API was read to say', () => {
  it('is a session that the API has not heard of, with its tasks, their dates and reasons', () => {
    const fail = updateTask(TWO, { status: 'failed', error_message: 'It is wrong' });
    const { session, tasks } = overlay(
      unread,
      own({
        tasks: [write, { taskId: TWO, name: 'Check it', status: 'failed' }],
        present: { activity: 'working', activityDetail: 'compiles', currentTask: write },
        undelivered: [
          createTask(ONE, 'Write it'),
          updateTask(ONE, { status: 'blocked', metadata: { block_reason: 'Waits for Ada' } }),
          updateTask(ONE, { status: 'in_progress' }),
          createTask(TWO, 'Check it'),
          fail,
        ],
      }),
      NOW,
    );
    assert.deepEqual(
      session,
      read({ activity_detail: 'compiles', current_task_id: ONE, metadata: { branch: 'main' }, health: 'healthy' }),
    );
    assert.equal(tasks.total, 2);
    assert.deepEqual(
      tasks.tasks.map(({ task_name, status, position, started_at, completed_at, error_message, metadata }) => [
        [task_name, status, position],
        [started_at, completed_at, error_message, metadata],
      ]),
      [
        [
          ['Write it', 'in_progress', 0],
          [LATER, null, null, { block_reason: 'Waits for Ada' }],
        ],
        [
          ['Check it', 'failed', 1],
          [null, LATER, 'It is wrong', {}],
        ],
      ],
    );
  });

  it('knows the tasks of a session that an earlier window began, before the API can be asked', () => {
    const before = { taskId: TWO, name: 'Plan it', status: 'completed' } as const;
    const { tasks } = overlay(unread, own({ tasks: [before, write], undelivered: [createTask(ONE, 'Write it')] }), NOW);
    assert.deepEqual(
      tasks.tasks.map(({ task_name, status }) => [task_name, status]),
      [
        ['Plan it', 'completed'],
        ['Write it', 'pending'],
      ],
    );
  });

  it('is what was read, the very objects, where nothing is waiting to be delivered', () => {
    const session = read({ current_task_id: ONE });
    const tasks = { tasks: [sampleTask(session, { task_id: ONE, status: 'completed' })], total: 1 };
    const present = { activity: 'working', activityDetail: undefined, currentTask: write } as const;
    const result = overlay({ session, tasks }, own({ tasks: [write], present }), NOW);
    assert.equal(result.session, session);
    assert.equal(result.tasks, tasks, 'another window may have completed the task');
  });

  it('changes a task that was read as soon as the change is recorded, and adds a new one', () => {
    const session = read({ current_task_id: ONE });
    const tasks = { tasks: [sampleTask(session, { task_id: ONE, status: 'in_progress' })], total: 7 };
    const result = overlay(
      { session, tasks },
      own({
        tasks: [{ ...write, status: 'completed' }],
        undelivered: [updateTask(ONE, { status: 'completed' }), createTask(TWO, 'Check it')],
      }),
      NOW,
    );
    assert.deepEqual(
      result.tasks.tasks.map(({ task_id, status, completed_at }) => [task_id, status, completed_at]),
      [
        [ONE, 'completed', LATER],
        [TWO, 'pending', null],
      ],
    );
    assert.equal(result.tasks.total, 8);
    assert.equal(result.session.current_task_id, null);
  });

  it('renames a task at once, and leaves the rest of it, its end too', () => {
    const session = read();
    const known = sampleTask(session, { task_id: ONE, status: 'completed', completed_at: SINCE });
    const undelivered = [updateTask(ONE, { task_name: 'Write the tests' })];
    const { tasks } = overlay({ session, tasks: { tasks: [known], total: 1 } }, own({ undelivered }), NOW);
    assert.deepEqual(tasks, { tasks: [{ ...known, task_name: 'Write the tests' }], total: 1 });
  });

  it('takes a removed task away at once, and from its session, also one that the API has not heard of', () => {
    const session = read({ current_task_id: ONE });
    const left = sampleTask(session, { task_id: SESSION_ID });
    const tasks = { tasks: [sampleTask(session, { task_id: ONE }), left], total: 7 };
    const removals = [ONE, TWO].map((task_id) => ({ kind: 'delete-task', session_id: SESSION_ID, task_id }) as const);
    const undelivered = [createTask(TWO, 'Check it'), ...removals];
    const result = overlay({ session, tasks }, own({ undelivered }), NOW);
    assert.deepEqual(result.tasks, { tasks: [left], total: 6 });
    assert.equal(result.session.current_task_id, null);
    assert.deepEqual(overlay(unread, own({ undelivered }), NOW).tasks, { tasks: [], total: 0 });
  });

  for (const [what, change, expected] of [
    [
      'completed',
      { kind: 'update-session', session_id: SESSION_ID, body: { status: 'completed', occurred_at: LATER } },
      { status: 'completed', error_message: null, task: ['in_progress', null] },
    ],
    [
      'failed, with the tasks that run',
      { kind: 'fail-session', session_id: SESSION_ID, body: { error_message: 'It hangs', occurred_at: LATER } },
      { status: 'failed', error_message: 'It hangs', task: ['failed', 'It hangs'] },
    ],
  ] as const) {
    it(`ends a session as ${what}`, () => {
      const before = read({ current_task_id: ONE, activity: 'waiting_for_input', health: 'waiting' });
      const known = { tasks: [sampleTask(before, { task_id: ONE, status: 'in_progress' })], total: 1 };
      const { session, tasks } = overlay(
        { session: before, tasks: known },
        own({ tasks: [write], present: undefined, undelivered: [change] }),
        NOW,
      );
      const { status, health, completed_at, error_message, current_task_id } = session;
      assert.deepEqual(
        { status, health, completed_at, error_message, current_task_id },
        {
          status: expected.status,
          health: 'ended',
          completed_at: LATER,
          error_message: expected.error_message,
          current_task_id: null,
        },
      );
      assert.deepEqual(
        tasks.tasks.map((task) => [task.status, task.error_message]),
        [expected.task],
      );
    });
  }

  for (const over of [
    { status: 'completed', health: 'ended' },
    { status: 'failed', health: 'ended' },
    { status: 'active', recovered_by: TWO },
    { status: 'completed', health: 'ended', archived_at: SINCE },
  ] as const) {
    it(`does not bring back what the API says is over: ${JSON.stringify(over)}`, () => {
      const session = read(over);
      const tasks = { tasks: [], total: 0 };
      const result = overlay({ session, tasks }, own({ undelivered: [createTask(ONE, 'Write it')] }), NOW);
      assert.equal(result.session, session);
      assert.equal(result.tasks, tasks);
    });
  }

  it('keeps its session alive on the screen while no heartbeat reaches the API, by the minute', () => {
    const session = read({ health: 'late' });
    const at = (time: string) => overlay({ session, tasks: undefined }, own(), Date.parse(time)).session;
    assert.equal(at('2026-03-01T09:00:59.000Z').last_heartbeat, SINCE);
    assert.equal(at('2026-03-01T09:12:34.000Z').last_heartbeat, '2026-03-01T09:12:00.000Z');
    assert.equal(at('2026-03-01T09:12:34.000Z').health, 'healthy');
  });

  it('leaves it to the API to say that a session is stalled or paused', () => {
    for (const health of ['stalled', 'paused'] as const) {
      const session = read({ health, status: health === 'paused' ? 'paused' : 'active' });
      assert.equal(overlay({ session, tasks: undefined }, own(), NOW + 3_600_000).session, session);
    }
  });

  it('says at once that its session waits for input, and that it goes on', () => {
    const waits = { activity: 'waiting_for_input', activityDetail: 'May I?', currentTask: undefined } as const;
    const waiting = overlay({ session: read(), tasks: undefined }, own({ present: waits }), NOW).session;
    assert.deepEqual([waiting.health, waiting.activity_detail], ['waiting', 'May I?']);
    const goesOn = overlay({ session: waiting, tasks: undefined }, own(), NOW).session;
    assert.deepEqual([goesOn.health, goesOn.activity_detail], ['healthy', null]);
  });

  it('keeps a current task that somebody else started', () => {
    const session = read({ current_task_id: TWO });
    assert.equal(overlay({ session, tasks: undefined }, own({ tasks: [write] }), NOW).session, session);
  });
});
