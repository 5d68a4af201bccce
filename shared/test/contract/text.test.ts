import assert from 'node:assert/strict';
import { text } from '../../src/contract/primitives.ts';

describe('text', () => {
  const Name = text(10);

  for (const value of ['a', ' a ', '0123456789', '😀😀😀😀😀', 'line\nbreak', "'; DROP --"]) {
    it(`accepts ${JSON.stringify(value)} unchanged`, () => assert.equal(Name.parse(value), value));
  }

  for (const value of ['', ' ', '\t\n', '\u00a0', '01234567890', 'a\0b', '\ud83d', 'a\ude00', 7, null, undefined]) {
    it(`refuses ${JSON.stringify(value)}`, () => assert.equal(Name.safeParse(value).success, false));
  }
});
