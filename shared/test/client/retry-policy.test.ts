import assert from 'node:assert/strict';
import { ApiError, ContractError, RateLimitedError, TimeoutError, UnavailableError } from '../../src/client/errors.ts';
import { backOffMs, isRepeatable, mayRetry, parseRetryAfter, retryDelayMs } from '../../src/client/retry-policy.ts';

const policy = { attempts: 3, baseDelayMs: 500, maxDelayMs: 30_000 };
const highest = () => 0.999_999;
const lowest = () => 0;

describe('the retry policy', () => {
  it('doubles the longest wait up to the cap, and draws from all of it', () => {
    const longest = [1, 2, 3, 6, 7, 50].map((retry) => backOffMs(retry, policy, highest));
    assert.deepEqual(longest, [499, 999, 1999, 15_999, 29_999, 29_999]);
    assert.equal(backOffMs(5, policy, lowest), 0);
  });

  it('never comes back before the server asked it to, nor on the dot', () => {
    assert.equal(retryDelayMs(3, 2000, policy, lowest), 2001);
    assert.equal(retryDelayMs(3, 2000, policy, highest), 2499);
    assert.equal(retryDelayMs(1, 30_000, policy, lowest), 30_001);
  });

  it('does not wait for what lies beyond the cap', () => {
    assert.equal(retryDelayMs(1, 30_001, policy, lowest), undefined);
    assert.equal(retryDelayMs(1, Infinity, policy, lowest), undefined);
  });

  it('reads Retry-After', () => {
    const now = Date.parse('2026-11-21T10:00:00.000Z');
    const readings: [string | undefined, number | undefined][] = [
      [undefined, undefined],
      ['', undefined],
      ['0', 0],
      [' 120 ', 120_000],
      ['Sat, 21 Nov 2026 10:00:07 GMT', 7000],
      ['Saturday, 21-Nov-26 10:00:07 GMT', 7000],
      ['Sat Nov 21 10:00:07 2026 GMT', 7000],
      ['Sat, 21 Nov 2026 09:00:00 GMT', 0],
      ['1.5', undefined],
      ['-3', undefined],
      ['2026-11-21', undefined],
      ['soon', undefined],
      ['Any, day now', undefined],
    ];
    for (const [header, expected] of readings) assert.equal(parseRetryAfter(header, now), expected, header);
  });

  it('repeats what is repeatable by nature, or by an id the client made', () => {
    assert(isRepeatable({ repeatable: true }, undefined));
    assert(isRepeatable({ repeatable: 'task_id' }, { task_id: 'x' }));
    for (const body of [
      undefined,
      null,
      {},
      { task_id: '' },
      { task_id: undefined },
      { session_id: 'x' },
      Object.create({ task_id: 'x' }),
    ]) {
      assert(!isRepeatable({ repeatable: 'task_id' }, body));
    }
  });

  it('knows which failures another try may mend', () => {
    const cases: [ApiError, whenRepeatable: boolean, otherwise: boolean][] = [
      [new RateLimitedError('', { code: 'RATE_LIMITED' }), true, true],
      [new UnavailableError('', { code: 'NETWORK_ERROR' }), true, false],
      [new TimeoutError('', { code: 'TIMEOUT' }), true, false],
      [new ApiError('', { code: 'INTERNAL_ERROR', status: 500 }), true, false],
      [new ApiError('', { code: 'VALIDATION_FAILED', status: 400 }), false, false],
      [new ContractError('', { code: 'CONTRACT_VIOLATION', status: 500 }), false, false],
      [new ApiError('', { code: 'UNRECOGNIZED_ERROR', status: 500 }), true, false],
    ];
    for (const [failure, whenRepeatable, otherwise] of cases) {
      assert.deepEqual([mayRetry(failure, true), mayRetry(failure, false)], [whenRepeatable, otherwise], failure.code);
    }
  });
});
