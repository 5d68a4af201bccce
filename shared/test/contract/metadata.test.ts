import assert from 'node:assert/strict';
import { LIMITS } from '../../src/contract/limits.ts';
import { Metadata, metadataProblem } from '../../src/contract/metadata.ts';
import { CreateSession } from '../../src/contract/session.ts';

const nested = (levels: number): object => (levels === 1 ? {} : { a: nested(levels - 1) });

describe('metadata', () => {
  const refused: [string, unknown, (string | number)[]][] = [
    ['__proto__, as JSON brings it', JSON.parse('{"a":{"__proto__":{"admin":true}}}'), ['a', '__proto__']],
    ['constructor', { constructor: 1 }, ['constructor']],
    ['prototype', { a: [{ prototype: 1 }] }, ['a', 0, 'prototype']],
    ['a key that begins with $', { a: { $set: 1 } }, ['a', '$set']],
    ['a key with a dot', { 'a.b': 1 }, ['a.b']],
    ['a key with NUL', { 'a\0': 1 }, ['a\0']],
    ['a key with a lone surrogate', { '\ud800': 1 }, ['\ud800']],
    ['text with a lone surrogate', { a: ['\udc00'] }, ['a', 0]],
    ['NaN', { a: Number.NaN }, ['a']],
    ['Infinity', { a: -Infinity }, ['a']],
    ['undefined', { a: undefined }, ['a']],
    ['a bigint', { a: 1n }, ['a']],
    ['a function', { a: () => 1 }, ['a']],
    ['a date', { a: new Date(0) }, ['a']],
    ['a map', new Map(), []],
    ['an array', [], []],
    ['null', null, []],
    ['text', 'text', []],
    ['nine levels', nested(9), Array.from({ length: 8 }, () => 'a')],
  ];
  for (const [what, value, path] of refused) {
    it(`refuses ${what}`, () => {
      assert.deepEqual(metadataProblem(value)?.path, path);
      assert.equal(Metadata.safeParse(value).success, false);
    });
  }

  it('refuses a cycle instead of following it', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    assert.match(metadataProblem(cycle)?.message ?? '', /levels deep/);
  });

  it('counts bytes, not characters', () => {
    const overhead = '{"a":""}'.length;
    assert.equal(metadataProblem({ a: 'x'.repeat(LIMITS.metadataBytes - overhead) }), undefined);
    assert.match(metadataProblem({ a: 'x'.repeat(LIMITS.metadataBytes - overhead + 1) })?.message ?? '', /bytes/);
    assert.match(metadataProblem({ a: 'ü'.repeat(LIMITS.metadataBytes / 2) })?.message ?? '', /bytes/);
  });

  it('accepts everything else that is JSON, and gives it back unchanged', () => {
    const values = [
      {},
      Object.assign(Object.create(null), { a: 1 }),
      { a$: 1, 'ü "x"': [null, true, 1.5, '\0', [{}]] },
      nested(8),
    ];
    for (const value of values) assert.deepEqual(Metadata.parse(value), value);
  });

  it('names the place inside the request', () => {
    const result = CreateSession.safeParse({ project_id: 'p', machine_id: 'm', metadata: { a: { $b: 1 } } });
    assert.deepEqual(
      result.error?.issues.map(({ path }) => path.join('.')),
      ['metadata.a.$b'],
    );
  });
});
