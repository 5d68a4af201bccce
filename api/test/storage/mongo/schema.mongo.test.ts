import assert from 'node:assert/strict';
import mongoose, { type Model } from 'mongoose';
import { mountModels } from '../../../src/storage/mongo/index.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { aMachine, aSession, aTask } from '../contract/builders.ts';
import { openTestMongoStorage } from './test-engine.ts';

type FieldError = mongoose.Error.ValidatorError | mongoose.Error.CastError;

/** The fields that the PRD requires, by the type it gives them. */
interface Required {
  texts: string[];
  times: string[];
}

const SESSION: Required = {
  texts: ['session_id', 'project_id', 'machine_id', 'status'],
  times: ['last_heartbeat', 'started_at', 'created_at', 'updated_at'],
};
const TASK: Required = {
  texts: ['task_id', 'session_id', 'project_id', 'task_name', 'status'],
  times: ['created_at', 'updated_at'],
};
const MACHINE: Required = {
  texts: ['machine_id', 'hostname', 'status'],
  times: ['last_heartbeat', 'created_at', 'updated_at'],
};

describe('the schemas', () => {
  // Never connected: validation needs no database.
  const models = mountModels(mongoose.createConnection());

  async function errorsOf<Record_>(model: Model<Record_>, document: object): Promise<[string, FieldError][]> {
    try {
      await new model({ ...document }).validate();
      return [];
    } catch (error) {
      if (!(error instanceof mongoose.Error.ValidationError)) throw error;
      return Object.entries(error.errors);
    }
  }
  async function problems<Record_>(model: Model<Record_>, document: object): Promise<Record<string, string>> {
    const errors = await errorsOf(model, document);
    return Object.fromEntries(errors.map(([field, error]) => [field, error.name]));
  }
  async function kinds<Record_>(model: Model<Record_>, document: object): Promise<string[]> {
    return (await errorsOf(model, document)).map(([, error]) => error.kind ?? '');
  }

  async function holdsRequired<Record_>(
    model: Model<Record_>,
    valid: object,
    { texts, times }: Required,
  ): Promise<void> {
    assert.deepEqual(await problems(model, valid), {});
    for (const [fields, type] of [
      [texts, 'String'],
      [times, 'Date'],
    ] as const) {
      for (const field of fields) {
        assert.equal(model.schema.path(field).instance, type, field);
        assert.deepEqual(await kinds(model, { ...valid, [field]: undefined }), ['required'], field);
        assert.deepEqual(
          await problems(model, { ...valid, [field]: { an: 'object' } }),
          { [field]: 'CastError' },
          field,
        );
      }
    }
  }

  it('AC-1.1.a sessions have all required fields with their types, and none may be missing', async () => {
    await holdsRequired(models.sessions, aSession(), SESSION);
  });

  it('AC-1.1.b tasks have all required fields, none may be missing, and a status must be one there is', async () => {
    await holdsRequired(models.tasks, aTask(), TASK);
    for (const status of ['pending', 'in_progress', 'completed', 'failed', 'blocked']) {
      assert.deepEqual(await problems(models.tasks, { ...aTask(), status }), {});
    }
    for (const status of ['active', 'done', 'PENDING', '']) {
      assert.deepEqual(await problems(models.tasks, { ...aTask(), status }), { status: 'ValidatorError' });
    }
  });

  it('AC-1.1.c machines have all required fields, and docker_slots is a list of numbers', async () => {
    await holdsRequired(models.machines, aMachine(), MACHINE);
    assert.equal(models.machines.schema.path('docker_slots').instance, 'Array');
    assert.equal(models.machines.schema.path('active_sessions').instance, 'Array');
    for (const docker_slots of [3, '3', { 0: 3 }]) {
      assert.deepEqual(await problems(models.machines, { ...aMachine(), docker_slots }), { docker_slots: 'CastError' });
    }
    assert.notDeepEqual(await problems(models.machines, { ...aMachine(), docker_slots: ['first'] }), {});
    for (const list of ['docker_slots', 'active_sessions']) {
      assert.deepEqual(await kinds(models.machines, { ...aMachine(), [list]: undefined }), ['required']);
    }
    assert.deepEqual(await problems(models.machines, aMachine({ docker_slots: [0, 1], active_sessions: ['a'] })), {});
  });

  it('AC-1.1.d a session status must be one there is', async () => {
    for (const status of ['active', 'paused', 'completed', 'failed', 'stalled']) {
      assert.deepEqual(await problems(models.sessions, { ...aSession(), status }), {});
    }
    for (const status of ['running', 'in_progress', 'Active', '']) {
      assert.deepEqual(await problems(models.sessions, { ...aSession(), status }), { status: 'ValidatorError' });
    }
  });

  it('refuse fields that nobody declared', () => {
    assert.throws(() => new models.sessions({ ...aSession(), extra: 1 }), { name: 'StrictModeError' });
  });
});

describe('the schemas at work', () => {
  let storage: Storage;
  let dispose: () => Promise<void>;

  before(async () => {
    ({ storage, dispose } = await openTestMongoStorage());
  });
  after(() => dispose?.());

  const badStatus: unknown = 'running';
  /** What the compiler would refuse, as a faulty caller might send it. */
  const withBadStatus = <T extends object>(value: T): T => Object.assign(value, { status: badStatus });
  const refusesStatus = { name: 'ValidationError', message: /status/ };

  it('AC-1.1.d a session with another status is refused and not stored', async () => {
    const session = withBadStatus(aSession());
    await assert.rejects(storage.sessions.insert(session), refusesStatus);
    assert.equal(await storage.sessions.get(session.session_id), null);
  });

  it('AC-1.1.d a session is not changed to another status', async () => {
    const session = aSession();
    await storage.sessions.insert(session);
    const set = withBadStatus({});
    await assert.rejects(storage.sessions.update(session.session_id, {}, { set }), refusesStatus);
    assert.deepEqual(await storage.sessions.get(session.session_id), session);
  });

  it('a field nobody declared is not written', async () => {
    const session = aSession();
    await storage.sessions.insert(session);
    const set: object = { extra: 1 };
    await assert.rejects(storage.sessions.update(session.session_id, {}, { set }), TypeError);
    assert.deepEqual(await storage.sessions.get(session.session_id), session);
  });
});
