import assert from 'node:assert/strict';
import type { Route } from '@claude-projects/shared/contract';
import * as fc from 'fast-check';
import * as z from 'zod/mini';
import { at, entriesOf } from './json.ts';

/** With all the rest a request's head stays below the 16 KiB that Node reads. */
const LONG = 'a'.repeat(10_000);
const DEEP = 5_000;

export const nested = (depth: number, open = '[', close = ']') => open.repeat(depth) + close.repeat(depth);

/** Values as JSON text, because half of them have no value in JavaScript that would survive JSON.stringify. */
const NASTY_VALUES: readonly string[] = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '-1',
  '1.5',
  '1e999',
  '-1e999',
  '9007199254740993',
  '1e-400',
  '65536',
  '""',
  '" "',
  '"\\u0000"',
  '"a\\u0000b"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\ufeff"',
  '"\\u202e"',
  JSON.stringify(LONG),
  '[]',
  '{}',
  '[[]]',
  '[null]',
  '[1,1]',
  '{"$gt":""}',
  '{"$ne":null}',
  '{"$where":"sleep(1000)"}',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"a":{"__proto__":{"polluted":true}}}',
  '{"prototype":1}',
  '{"toString":1,"hasOwnProperty":2,"valueOf":3,"then":4}',
  '{"a.b":1}',
  '{"":1}',
  '{"a":1,"a":2}',
  '{"\\u0000":1}',
  '{"\\ud800":1}',
  '{"deep":"\\ud800"}',
  '{"infinite":1e999}',
  nested(9, '{"a":', '}').replace(':}', ':1}'),
  nested(DEEP),
  `{"a":${nested(DEEP)}}`,
  `{"a":"${'b'.repeat(70_000)}"}`,
  '"2024-02-30T00:00:00Z"',
  '"2024-01-01"',
  '"2024-01-01T23:59:60Z"',
  '"00000000-0000-0000-0000-000000000000"',
  '"3F6D7B0E-5B0A-4C38-9A53-0C5B7D9B7F10"',
  '"__proto__"',
  '"constructor"',
  `"'; DROP TABLE sessions; --"`,
];

const SURPLUS_KEYS: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '_id',
  '__v',
  'rowid',
  '$set',
  '$where',
  'a.b',
  '',
  'status',
  'recovered_by',
  'archived_at',
  'last_heartbeat',
  'created_from',
  'expires_at',
  'position',
];

const jsonText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NASTY_VALUES) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 4, stringUnit: 'binary' }) },
);

const NASTY_TIMES: readonly string[] = [
  '"0000-01-01T00:00:00+23:59"',
  '"0000-01-01T00:00:00.000+00:01"',
  '"0000-01-01T00:00:00Z"',
  '"1969-12-31T23:59:59Z"',
  '"1970-01-01T00:00:00Z"',
  '"9999-12-31T23:59:59-23:59"',
  '"2024-02-29T23:59:59.123456789123456789Z"',
  '"2024-02-29T00:00:00+14:00"',
];
const STATES = ['active', 'paused', 'stalled', 'completed', 'failed', 'pending', 'in_progress', 'blocked', 'online'];

/** What a field knows is worse for it than what it does not. */
const NASTY_FOR_FIELD: Readonly<Record<string, readonly string[]>> = {
  occurred_at: NASTY_TIMES,
  status: STATES.map((state) => JSON.stringify(state)),
};

function wrongValueFor(name: string): fc.Arbitrary<[string, string]> {
  const known = NASTY_FOR_FIELD[name];
  const value = known ? fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, jsonText) : jsonText;
  return value.map((text) => [name, text]);
}

/** Twelve digits that are others in each body, so that not every create is a repetition of the first. */
export const FRESH = '############';

/** Bodies that are the route's own with something wrong in them, bodies of any JSON, and bodies that are none. */
export function bodiesOf(fields: Readonly<Record<string, string>>, required: readonly string[]): fc.Arbitrary<Buffer> {
  const names = Object.keys(fields);
  const replaced =
    names.length === 0
      ? fc.constant<[string, string][]>([])
      : fc.array(fc.oneof(...names.map(wrongValueFor)), { maxLength: 2 });
  const surplus = fc.oneof(
    { weight: 3, arbitrary: fc.constant<[string, string][]>([]) },
    fc
      .tuple(fc.oneof(fc.constantFrom(...SURPLUS_KEYS), fc.string({ unit: 'binary' })), jsonText)
      .map((entry) => [entry]),
  );
  const serial = fc.nat().map((number) => String(number).padStart(FRESH.length, '0'));
  const partial = fc.tuple(fc.subarray(names), replaced, surplus, serial).map(([kept, wrong, more, serial]) => {
    const missing = wrong.map(([name]) => name);
    const there = names.filter((name) => !missing.includes(name) && (required.includes(name) || kept.includes(name)));
    return objectText([...there.map((name) => [name, fields[name]?.replace(FRESH, serial)]), ...wrong, ...more]);
  });
  const brokenText = fc
    .tuple(partial, fc.nat(200))
    .map(([text, length]) => text.slice(0, Math.min(length, text.length - 1)));
  return fc.oneof(
    { weight: 9, arbitrary: partial.map(bytesOf) },
    { weight: 2, arbitrary: jsonText.map(bytesOf) },
    { weight: 1, arbitrary: brokenText.map(bytesOf) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        Buffer.alloc(0),
        Buffer.from(' \n'),
        Buffer.from('\ufeff{}'),
        Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
        Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]),
        Buffer.from('{"a":1}{"b":2}'),
        Buffer.from('NaN'),
        Buffer.from("{'a':1}"),
        Buffer.from(nested(100_000)),
        Buffer.from('['.repeat(100_000)),
        Buffer.from(`{"metadata":${nested(100_000, '{"a":', '}').replace(':}', ':1}')}}`),
      ),
    },
  );
}

function objectText(entries: readonly (readonly (string | undefined)[])[]): string {
  return `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`;
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text);
}

const NASTY_QUERY_VALUES: readonly string[] = [
  '',
  '%20',
  '+',
  '0',
  '-1',
  '1.5',
  '1e3',
  '0x10',
  '1e999',
  'NaN',
  'Infinity',
  '99999999999999999999',
  '100',
  '101',
  '%00',
  '%ff',
  '%zz',
  '%',
  '%ED%A0%80',
  '%F0%9F%92%A9',
  '%E2%80%AE',
  'true',
  'false',
  'active',
  'failed',
  'null',
  '0000-01-01T00:00:00%2B23:59',
  '9999-12-31T23:59:59-23:59',
  '2024-01-01T00:00:00Z',
  '2024-02-30T00:00:00Z',
  '%7B%22%24gt%22%3A%22%22%7D',
  "'%20OR%201=1--",
  '__proto__',
  LONG.slice(0, 1_000),
];
const OPERATORS: readonly string[] = ['', '', '', '[$ne]', '[$gt]', '[]', '[0]', '[__proto__]', '.x', '%00', '[', ']'];
const SURPLUS_QUERY_KEYS: readonly string[] = [
  '__proto__',
  'constructor',
  'toString',
  '$where',
  '',
  '%zz',
  '%ff',
  '_id',
  'a',
];

/** Query strings, without the question mark: known names with operators, said twice, with absurd values. */
export function queriesOf(route: Route): fc.Arbitrary<string> {
  const known = fieldsOf(route.query).names;
  const name = fc.oneof(
    { weight: known.length === 0 ? 0 : 5, arbitrary: fc.constantFrom(...known, 'limit') },
    { weight: 1, arbitrary: fc.constantFrom(...SURPLUS_QUERY_KEYS) },
  );
  const pair = fc
    .tuple(name, fc.constantFrom(...OPERATORS), fc.constantFrom(...NASTY_QUERY_VALUES))
    .map(([key, operator, value]) => `${key}${operator}=${value}`);
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant('') },
    { weight: 6, arbitrary: fc.array(pair, { maxLength: 3 }).map((pairs) => pairs.join('&')) },
    { weight: 1, arbitrary: pair.map((text) => `${text}&${text}`) },
    { weight: 1, arbitrary: fc.constantFrom('?', '&&&', '=', '==&=', '#', '%', 'a&a&a', `x=${LONG.slice(0, 4_000)}`) },
  );
}

/** Path segments as they are sent, escaped or not. */
export const pathIds: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      LONG,
      'a'.repeat(600),
      'a'.repeat(601),
      '%00',
      'a%00b',
      '%zz',
      '%',
      '%2',
      '%ff',
      '%ED%A0%80',
      '%E0%A4%A',

      '.',
      '..',
      '%2e',
      '%2e%2e',
      '..%2f..%2fetc%2fpasswd',
      '../sessions',
      '%2F',
      '%5C',
      '%0d%0aX-Evil:%201',
      'a%20b',

      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'hasOwnProperty',
      '%5Bobject%20Object%5D',
      '$where',
      '*',
      ':id',

      "'%20OR%201=1--",
      '%7B%22$gt%22:%22%22%7D',
      'null',
      'undefined',
      'NaN',
      '0',
      '-1',
      ';a=b',
      'a;b',
      '%3F',
      '%23',
      '@',
      '%F0%9F%92%A9',
      '%EF%BB%BF',
      '%E2%80%AE',
      '00000000-0000-4000-8000-000000000000',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.string({ minLength: 1, unit: 'grapheme' }).map((text) => encodeURIComponent(text.toWellFormed())),
  },
);

export const contentTypes: fc.Arbitrary<string | undefined> = fc.oneof(
  { weight: 8, arbitrary: fc.constant('application/json') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'application/json; charset=utf-8',
      'application/json; charset=latin1',
      'APPLICATION/JSON',
      'application/jsonp',

      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
      'a',
      ';',
      '/',

      'application/json;',
      'application/json, text/plain',
      'application/vnd.api+json',
      '*/*',
      LONG.slice(0, 500),
      undefined,
    ),
  },
);

export const requestIds: fc.Arbitrary<string | undefined> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.uuid() },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '',
      'x',
      '../../etc',
      '<script>',
      'b'.repeat(1_000),
      '{"a":1}',
      '\u00e9',
      '0'.repeat(36),
    ),
  },
);

/** The fields of a schema as it stands in the contract, and those of them that must be there. */
export function fieldsOf(schema: z.ZodMiniType | undefined): { names: string[]; required: string[] } {
  if (!schema) return { names: [], required: [] };
  const converted = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  // A schema that has a name is given as a reference to it.
  const named = converted.$ref === undefined ? converted : at(converted, converted.$ref);
  const names = entriesOf(at(named, '#/properties')).map(([name]) => name);
  assert.notEqual(names.length, 0);
  const required = at(named, '#/required');
  return { names, required: names.filter((name) => Array.isArray(required) && required.includes(name)) };
}
