import assert from 'node:assert/strict';
import {
  CreateSession,
  CreateTask,
  ListSessions,
  RegisterMachine,
  UpdateSession,
  UpdateTask,
} from '@claude-projects/shared/contract';
import type * as z from 'zod/mini';
import { refusalOfIssues } from '../../src/http/contract-validation.pipe.ts';

const place = { project_id: 'acme/shop', machine_id: 'workstation' };

/** Every kind of mistake, and what its author reads after the name of the field. */
const CASES: readonly (readonly [mistake: string, z.ZodMiniType, unknown, string])[] = [
  ['a field that is missing', CreateSession, { project_id: 'p' }, 'machine_id: is required'],
  ['a number for a text', CreateSession, { ...place, project_id: 7 }, 'project_id: must be text'],
  ['an empty text', CreateSession, { ...place, project_id: '' }, 'project_id: must have at least 1 character'],
  ['a blank text', CreateSession, { ...place, project_id: ' ' }, 'project_id: must not be blank'],
  ['a long text', CreateSession, { ...place, project_id: 'a'.repeat(201) }, 'must have at most 200 characters'],
  ['a fraction', CreateSession, { ...place, docker_slot: 1.5 }, 'docker_slot: must be a whole number'],
  ['a text for a number', CreateSession, { ...place, docker_slot: '1' }, 'docker_slot: must be a number'],
  ['a small number', CreateSession, { ...place, docker_slot: -1 }, 'docker_slot: must be at least 0'],
  ['a large number', CreateSession, { ...place, docker_slot: 70_000 }, 'docker_slot: must be at most 65535'],
  ['an id of another kind', CreateSession, { ...place, session_id: '7' }, 'session_id: must be a UUID, version 4'],
  [
    'a time of another kind',
    CreateSession,
    { ...place, occurred_at: 'noon' },
    'occurred_at: must be a time as ISO 8601',
  ],
  ['an unknown field', CreateSession, { ...place, slot: 3 }, 'slot: is not a known field'],
  ['an unknown state', UpdateSession, { status: 'dead' }, 'status: must be one of: active, paused, completed'],
  ['a text for a list', RegisterMachine, { hostname: 'h', docker_slots: '1' }, 'docker_slots: must be a list'],
  ['a wrong entry', RegisterMachine, { hostname: 'h', docker_slots: [1, null] }, 'docker_slots.1: must be a number'],
  [
    'a failure without a reason',
    UpdateTask,
    { status: 'failed' },
    'error_message: is required when status is "failed"',
  ],
  ['a word for a number', ListSessions, { limit: 'many' }, 'limit: must be a whole number, in decimal digits'],
  ['nothing', CreateTask, undefined, 'must be an object'],
];

describe('what a person reads of', () => {
  for (const [mistake, schema, value, sentence] of CASES) {
    it(mistake, () => {
      const { error } = schema.safeParse(value);
      assert.ok(error);
      const { message } = refusalOfIssues(error.issues, value);
      assert.ok(message.includes(sentence), message);
      assert.doesNotMatch(message, /invalid input|expected|received/i);
    });
  }
});
