import { type CheckResult, type Outcome, type Report, withOutcome } from './report.ts';
import { describeDuration } from './time.ts';

const MARKS: Readonly<Record<Outcome, string>> = { passed: '✓', failed: '✗', 'not-verified': '–' };

export function describeCheck({ title, outcome, durationMs, detail }: CheckResult): string {
  const mark = MARKS[outcome];
  const more = detail === undefined ? '' : ` — ${inOneLine(detail)}`;
  if (outcome === 'not-verified') return `${mark} NOT VERIFIED: ${title}${more}`;
  return `${mark} ${title} (${describeDuration(durationMs)})${more}`;
}

export function describeReport(report: Report): string {
  const [passed, failed, open] = (['passed', 'failed', 'not-verified'] as const).map(
    (outcome) => withOutcome(report, outcome).length,
  );
  const lines = [
    `${passed} verified, ${failed} failed, ${open} not verified, in ${describeDuration(report.durationMs)}.`,
  ];
  for (const { title, detail } of withOutcome(report, 'not-verified')) {
    lines.push(`NOT VERIFIED: ${title}${detail === undefined ? '' : ` (${detail})`}`);
  }
  return `\n${lines.join('\n')}\n${report.passed ? 'PASSED' : 'FAILED'} ${report.url}`;
}

/** A server may answer with anything; a check is one line. */
function inOneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- those are what must not reach a terminal
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').slice(0, 1000);
}
