import assert from 'node:assert/strict';
import { durationText } from '../../src/platform/ages.ts';
import { inEnglish } from '../../src/platform/localize.ts';

const MINUTE = 60_000;

describe('a duration in words', () => {
  const durations: readonly (readonly [number, string])[] = [
    [-5, '0 s'],
    [59_999, '59 s'],
    [MINUTE, '1 min'],
    [60 * MINUTE, '1 h'],
    [72 * MINUTE, '1 h 12 min'],
    [24 * 60 * MINUTE, '1 d'],
    [51 * 60 * MINUTE + MINUTE, '2 d 3 h'],
  ];
  for (const [ms, text] of durations) {
    it(`is ${text} for ${ms} ms`, () => assert.equal(durationText(ms, inEnglish), text));
  }
});
