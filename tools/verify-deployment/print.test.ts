import assert from 'node:assert/strict';
import { describeCheck, describeReport } from './print.ts';
import type { CheckResult } from './report.ts';

const check = (more: Partial<CheckResult>): CheckResult => ({
  id: 'id',
  title: 'it works',
  criteria: [],
  outcome: 'passed',
  durationMs: 12,
  detail: undefined,
  ...more,
});

describe('what a verification prints', () => {
  it('is a line a check, with its time and what was found', () => {
    assert.equal(describeCheck(check({})), '✓ it works (12 ms)');
    assert.equal(describeCheck(check({ detail: 'found', durationMs: 4200 })), '✓ it works (4.2 s) — found');
    assert.equal(
      describeCheck(check({ outcome: 'failed', detail: 'broken', durationMs: 252_000 })),
      '✗ it works (4 min 12 s) — broken',
    );
  });

  it('is loud where nothing was verified', () => {
    const open = check({ outcome: 'not-verified', detail: 'left out on request' });
    assert.equal(describeCheck(open), '– NOT VERIFIED: it works — left out on request');
  });

  it('lets nothing of a server reach the terminal but text, and not without end', () => {
    const line = describeCheck(check({ outcome: 'failed', detail: `a\nb\u001b[31mc${'x'.repeat(5000)}` }));
    assert.ok(line.startsWith('✗ it works (12 ms) — a b [31mcxxx'));
    assert.ok(line.length < 1100);
  });

  it('closes with what was verified, what was not, and the verdict', () => {
    const checks = [check({}), check({ outcome: 'not-verified', title: 'stalls', detail: 'interrupted' })];
    const report = { url: 'https://a.example', projectId: 'p', durationMs: 65_000, checks, latencies: [] };
    assert.equal(
      describeReport({ ...report, passed: false }),
      '\n1 verified, 0 failed, 1 not verified, in 1 min 5 s.\nNOT VERIFIED: stalls (interrupted)\nFAILED https://a.example',
    );
    assert.match(describeReport({ ...report, passed: true }), /\nPASSED https:\/\/a\.example$/);
  });
});
