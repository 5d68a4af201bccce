import { randomUUID } from 'node:crypto';
import type { Metadata } from '@claude-projects/shared/contract';
import type { MachineRecord, SessionRecord, TaskRecord } from '../../../src/storage/records.ts';
import type { Place } from '../../../src/storage/storage.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const DAY = 24 * 60 * MINUTE;

const START = new Date('2026-03-01T09:00:00.000Z');

/** So many milliseconds after the time that every built record starts from. */
export function at(milliseconds: number): Date {
  return new Date(START.getTime() + milliseconds);
}

/** `expires_at` has to lie ahead of the real clock: an engine may delete by it at any moment. */
export const FAR_AHEAD = new Date('2099-12-31T23:59:59.999Z');
export const FARTHER_AHEAD = new Date('2120-06-15T12:30:30.001Z');

let epoch = new Date('2020-01-01T00:00:00.000Z').getTime();

/**
 * A stretch of ten days that ends before every time any test used so far, so that a method that looks at all
 * sessions older than something sees those of its own test only.
 */
export function olderEpoch(): (milliseconds: number) => Date {
  epoch -= 10 * DAY;
  const start = epoch;
  return (milliseconds) => new Date(start + milliseconds);
}

export function uniqueId(prefix: string): string {
  return `${prefix}-${randomUUID()}`;
}

export function aPlace(given: Partial<Place> = {}): Place {
  return { project_id: uniqueId('project'), machine_id: uniqueId('machine'), docker_slot: null, ...given };
}

/** An active session, alone in its place. */
export function aSession(given: Partial<SessionRecord> = {}): SessionRecord {
  return {
    session_id: randomUUID(),
    ...aPlace(),
    status: 'active',
    activity: 'working',
    activity_detail: null,
    current_task_id: null,
    last_heartbeat: at(0),
    last_progress_at: at(0),
    started_at: at(0),
    completed_at: null,
    stalled_at: null,
    returned_at: null,
    archived_at: null,
    error_message: null,
    recovered_from: null,
    recovered_by: null,
    recovery_attempts: 0,
    recovery_prepared_at: null,
    metadata: {},
    next_position: 0,
    created_from: 'digest',
    expires_at: null,
    created_at: at(0),
    updated_at: at(0),
    ...given,
  };
}

export function aTask(given: Partial<TaskRecord> = {}): TaskRecord {
  return {
    task_id: randomUUID(),
    session_id: randomUUID(),
    project_id: uniqueId('project'),
    github_issue_id: null,
    task_name: 'Write the tests',
    status: 'pending',
    position: 0,
    started_at: null,
    completed_at: null,
    error_message: null,
    metadata: {},
    created_from: 'digest',
    expires_at: null,
    created_at: at(0),
    updated_at: at(0),
    ...given,
  };
}

export function aMachine(given: Partial<MachineRecord> = {}): MachineRecord {
  return {
    machine_id: uniqueId('machine'),
    hostname: 'build-host',
    docker_slots: [],
    active_sessions: [],
    status: 'online',
    last_heartbeat: at(0),
    metadata: {},
    created_at: at(0),
    updated_at: at(0),
    ...given,
  };
}

/** What the text columns must give back as it came. */
export const AWKWARD_TEXT = `$set "it's" \\ {"a":1} %s ; -- naïve 漢字 🚀 e\u0301 \u200b\ttab\r\nline `;

const METHOD_NAMES = ['toJSON', 'toBSON', 'toObject', 'toString', 'valueOf', 'hasOwnProperty', 'get', 'then'];

/** All that the contract lets through and an engine could take for something of its own. */
export const AWKWARD_METADATA: Metadata = {
  '': 'an empty key',
  ' a key with blanks ': 'blanks',
  '"double"': 'double quotes',
  "'single'": 'single quotes',
  'back\\slash\\"': 'backslashes',
  '[0]': 'like a path',
  '0': 'like an index',
  '-1': 'like a negative index',
  a$b: 'a dollar inside',
  'ключ 漢字 🚀': 'unicode',
  'line\nbreak\u0001': 'control characters',
  _id: 'not an id',
  __v: 'not a version',
  id: 5,
  length: 3,
  type: 'String',
  ...Object.fromEntries(METHOD_NAMES.map((name) => [name, 'not a function'])),
  expression: '$x',
  variable: '$$ROOT',
  hexadecimal: '507f1f77bcf86cd799439011',
  date: '2026-03-01T09:00:00.000Z',
  json: '{"a":[1,null]}',
  null_as_text: 'null',
  null: null,
  no: false,
  yes: true,
  empty_text: '',
  empty_object: {},
  empty_list: [],
  zero: 0,
  negative: -7,
  fraction: 0.1,
  beyond_32_bits: 2 ** 31,
  largest_exact: Number.MAX_SAFE_INTEGER,
  beyond_64_bits: 2 ** 64,
  largest: Number.MAX_VALUE,
  smallest: Number.MIN_VALUE,
  list: [null, 'a', 1.5, true, [], [[null]], {}, { nested: null, '': '' }],
  deep: { a: { b: { c: { d: { e: { f: { g: null } } } } } } },
  nested: { null: null, object: {}, expression: '$y', 'odd "key" \\': [{ '': null }] },
  AWKWARD_TEXT,
};
