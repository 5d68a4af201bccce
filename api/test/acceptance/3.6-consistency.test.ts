import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ConsistencyFinding, Session, Stats } from '@claude-projects/shared/contract';
import { type CheckedFinding, ConsistencyService } from '../../src/consistency/consistency.service.ts';
import { JobsService } from '../../src/jobs/jobs.service.ts';
import type { FindingKind } from '../../src/storage/consistency.ts';
import { aMachine, aSession, aTask } from '../storage/contract/builders.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

describe('3.6 the consistency of the state', () => {
  let api: TestApi;
  let scenario: Scenario;
  beforeEach(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  afterEach(() => api.close());

  async function check(repair = false): Promise<CheckedFinding[]> {
    const found: CheckedFinding[] = [];
    const service = api.app.get(ConsistencyService, { strict: false });
    const report = await service.check({ repair, onFinding: (finding) => void found.push(finding) });
    assert.equal(report.found, found.length);
    assert.equal(report.remaining, found.filter(({ mended }) => !mended).length);
    return found;
  }
  const kinds = (found: readonly CheckedFinding[]): FindingKind[] => found.map(({ finding }) => finding.kind);

  async function inStats(): Promise<Stats['consistency']> {
    api.clock.advance(1);
    return (await api.call<Stats>('GET', '/api/stats')).body.consistency;
  }

  it('success metric: nothing that the API itself does is a finding', async () => {
    const { machine_id } = await scenario.machine();
    const session = await scenario.session({ machine_id, docker_slot: 1 });
    await scenario.taskIn(session, 'in_progress');
    await scenario.taskIn(session, 'pending');
    const working = await scenario.session({ machine_id });
    await scenario.heartbeat(working, { current_task_id: 'task-123' });
    await scenario.sessionIn('stalled', { machine_id });
    await scenario.sessionIn('completed', { machine_id });
    const dead = await scenario.session({ machine_id });
    await scenario.taskIn(dead, 'in_progress');
    await scenario.recovered(await scenario.failed(dead), { new_machine_id: machine_id, docker_slot: 2 });
    const deleted = await scenario.session({ machine_id });
    await scenario.task(deleted);
    assert.equal((await api.call('DELETE', `/api/sessions/${deleted.session_id}`)).status, 204);
    assert.deepEqual(await check(), []);
    assert.deepEqual(await check(true), []);
  });

  it('a current task that is not there is found, cleared on request, and then found no more', async () => {
    const session = await scenario.session();
    const missing = randomUUID();
    await scenario.heartbeat(session, { current_task_id: missing });
    const expected: ConsistencyFinding = {
      kind: 'current_task_missing',
      session_id: session.session_id,
      task_id: missing,
      machine_id: session.machine_id,
      detail: `Session ${session.session_id} works on task ${missing}, which does not exist.`,
    };
    assert.deepEqual(await check(), [{ finding: expected, mended: false }]);
    assert.equal((await scenario.readSession(session.session_id)).current_task_id, missing);
    assert.deepEqual(await check(true), [{ finding: expected, mended: true }]);
    assert.equal((await scenario.readSession(session.session_id)).current_task_id, null);
    assert.deepEqual(await check(true), []);
  });

  it('a current task of another session is found, and the task is left alone', async () => {
    const session = await scenario.session();
    const task = await scenario.task(await scenario.session());
    await scenario.heartbeat(session, { current_task_id: task.task_id });
    const [found] = await check(true);
    assert.match(found?.finding.detail ?? '', new RegExp(`is a task of session ${task.session_id}`));
    assert.deepEqual(await scenario.readTask(task.task_id), task);
  });

  it('a machine whose list disagrees is found, and its list rebuilt on request', async () => {
    const machine_id = `machine-${randomUUID()}`;
    const live = [await scenario.session({ machine_id }), await scenario.sessionIn('stalled')];
    const [unlisted] = live;
    assert(unlisted);
    const gone = randomUUID();
    await api.storage.machines.register(aMachine({ machine_id, active_sessions: [gone] }));
    const [found, ...more] = await check();
    assert.deepEqual(more, []);
    assert.equal(found?.finding.machine_id, machine_id);
    assert.equal(
      found?.finding.detail,
      `The active_sessions of machine ${machine_id} disagree with its sessions: ` +
        `${gone} listed and not live; ${unlisted.session_id} live and not listed.`,
    );
    assert.deepEqual(kinds(await check(true)), ['active_sessions_disagree']);
    assert.deepEqual((await scenario.readMachine(machine_id)).active_sessions, [unlisted.session_id]);
    assert.deepEqual(await check(true), []);
  });

  it('a task without a session is found, and deleted on request', async () => {
    const orphan = aTask();
    const kept = await scenario.task(await scenario.session());
    await api.storage.tasks.insert(orphan);
    assert.deepEqual(kinds(await check()), ['task_without_session']);
    assert.notEqual(await api.storage.tasks.get(orphan.task_id), null);
    assert.deepEqual(kinds(await check(true)), ['task_without_session']);
    assert.equal(await api.storage.tasks.get(orphan.task_id), null);
    assert.deepEqual(await scenario.readTask(kept.task_id), kept);
    assert.deepEqual(await check(true), []);
  });

  it('logs the first hundred of a kind, and how many more there are', async () => {
    for (let index = 0; index < 103; index++) await api.storage.tasks.insert(aTask());
    assert.equal((await check()).length, 103);
    assert.equal(api.log.withMessage('Inconsistency found').length, 100);
    const [more] = api.log.withMessage('More inconsistencies of a kind');
    assert.deepEqual(more?.['context'], { kind: 'task_without_session', count: 3 });
  });

  it('a missing successor is found, and left to a person', async () => {
    const session = aSession({ status: 'completed', completed_at: new Date(), recovered_by: randomUUID() });
    await api.storage.sessions.insert(session);
    for (const repair of [false, true, true]) {
      const [found, ...more] = await check(repair);
      assert.deepEqual([found?.finding.kind, found?.mended, more], ['successor_missing', false, []]);
    }
    assert.deepEqual(await api.storage.sessions.get(session.session_id), session);
  });

  it('the last check is part of the statistics, with what it left', async () => {
    await api.storage.tasks.insert(aTask());
    assert.deepEqual(await inStats(), { checked_at: null, findings: [] });
    const checked_at = api.clock.now().toISOString();
    assert.deepEqual(await api.app.get(JobsService).run('consistency'), { ran: true, affected: 1 });
    const { findings, ...rest } = await inStats();
    assert.deepEqual(rest, { checked_at });
    assert.deepEqual(
      findings.map(({ kind }) => kind),
      ['task_without_session'],
    );
    assert.equal(api.log.withMessage('Inconsistency found').length, 1);
    await check(true);
    assert.deepEqual((await inStats()).findings, []);
  });

  it('of one kind the statistics keep twenty, so that it hides no other', async () => {
    for (let index = 0; index < 30; index++) await api.storage.tasks.insert(aTask());
    await scenario.heartbeat(await scenario.session(), { current_task_id: randomUUID() });
    assert.equal((await check()).length, 31);
    const { findings } = await inStats();
    assert.equal(findings.length, 21);
    assert(findings.some(({ kind }) => kind === 'current_task_missing'));
  });

  it('more records than one batch are all looked at', async function () {
    this.timeout(120_000);
    await Promise.all(Array.from({ length: 1100 }, () => api.storage.tasks.insert(aTask())));
    assert.equal((await check(true)).length, 1100);
    assert.deepEqual(await check(), []);
  });

  it('a check that repairs neither disturbs live traffic nor takes it for damage', async function () {
    this.timeout(120_000);
    const machines = [await scenario.machine(), await scenario.machine()];
    const traffic = { running: true };
    const works = async (session: Session): Promise<void> => {
      await scenario.taskIn(session, 'completed');
      await scenario.taskIn(session, 'in_progress');
      await scenario.heartbeat(session);
      await scenario.failed(session);
      const successor = await scenario.recovered(session, { new_machine_id: session.machine_id });
      await scenario.update(successor, { status: 'completed' });
      await api.call('DELETE', `/api/sessions/${session.session_id}`);
      await api.call('DELETE', `/api/sessions/${successor.session_id}`);
    };
    const busy = async (worker: number): Promise<void> => {
      for (let round = 0; round < 6; round++) {
        const { machine_id } = machines[worker % machines.length] ?? assert.fail();
        await works(await scenario.session({ machine_id }));
      }
    };
    const working = Promise.all([0, 1, 2, 3].map(busy)).finally(() => {
      traffic.running = false;
    });
    const found: CheckedFinding[] = [];
    while (traffic.running) found.push(...(await check(true)));
    await working;
    // Between the deletion of an original and that of its successor nothing is missing; the other way round is not done.
    assert.deepEqual(found, []);
    assert.deepEqual(await check(), []);
  });

  it('a list that is rebuilt while its sessions come and go is right in the end', async function () {
    this.timeout(120_000);
    for (let round = 0; round < 5; round++) {
      const { machine_id } = await scenario.machine();
      const ending = [];
      for (let index = 0; index < 4; index++) ending.push(await scenario.session({ machine_id }));
      await api.storage.machines.update(machine_id, { set: { active_sessions: [] } });
      const coming = Array.from({ length: 4 }, () => scenario.session({ machine_id }));
      const going = ending.map((session) => scenario.update(session, { status: 'completed' }));
      await Promise.all([check(true), ...going, check(true), ...coming]);
      const live = await api.storage.sessions.listLiveIds(machine_id);
      const { active_sessions } = await scenario.readMachine(machine_id);
      assert.deepEqual(active_sessions.toSorted(), live.toSorted());
      assert.equal(live.length, 4);
    }
  });
});
