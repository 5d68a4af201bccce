import { createRedact } from '../../shared/src/client/redact.ts';
import type { Check } from './check.ts';
import { checksOfARun } from './checks/index.ts';
import { removeTestData } from './clean-up.ts';
import { messageOf } from './failures.ts';
import { settingsOf, type VerifyOptions } from './options.ts';
import type { CheckResult, Report } from './report.ts';
import { RunContext } from './run-context.ts';

const CLEAN_UP: Omit<Check, 'verify'> = {
  id: 'removal',
  title: 'everything that this run stored is removed',
  criteria: ['AC-4.4.f'],
};

/**
 * Verifies the service at a URL from end to end, as its users would use it. Resolves with what was found, whatever
 * that is; rejects only where a listener of the options throws. What it stored is removed however it ends.
 */
export async function verifyDeployment(options: VerifyOptions): Promise<Report> {
  const settings = settingsOf(options);
  const run = new RunContext(settings);
  const redact = createRedact(settings.key);
  const checks: CheckResult[] = [];
  const startedAt = settings.time.nowMs();
  /** Why nothing more can be verified. */
  let over: string | undefined;

  const note = (check: Omit<Check, 'verify'>, result: Pick<CheckResult, 'outcome'> & Partial<CheckResult>) => {
    const { id, title, criteria } = check;
    const detail = result.detail === undefined ? undefined : redact(result.detail);
    const noted: CheckResult = { id, title, criteria, durationMs: 0, ...result, detail };
    checks.push(noted);
    settings.onCheck(noted);
  };

  const perform = async (check: Check, interruptible: boolean): Promise<void> => {
    const checkStartedAt = settings.time.nowMs();
    const durationMs = () => Math.round(settings.time.nowMs() - checkStartedAt);
    try {
      const detail = (await check.verify(run)) ?? undefined;
      note(check, { outcome: 'passed', durationMs: durationMs(), detail });
    } catch (error) {
      if (interruptible && settings.signal.aborted) {
        note(check, { outcome: 'not-verified', durationMs: durationMs(), detail: 'interrupted' });
        return;
      }
      note(check, { outcome: 'failed', durationMs: durationMs(), detail: messageOf(error) });
      if (check.decisive) over = `nothing can be verified while "${check.id}" fails`;
    }
  };

  try {
    for (const check of checksOfARun()) {
      if (settings.signal.aborted) over = 'interrupted';
      const leftOut = over ?? check.leftOut?.(run);
      if (leftOut === undefined) await perform(check, true);
      else note(check, { outcome: 'not-verified', detail: leftOut });
    }
  } finally {
    // Also where a listener of the caller threw: what is in somebody's production must not stay there.
    if (run.data.sessionIds.length > 0 || run.data.machineIds.length > 0) {
      await perform({ ...CLEAN_UP, verify: () => removeTestData(run.removal) }, false);
    }
  }
  return {
    passed: !settings.signal.aborted && checks.every(({ outcome }) => outcome !== 'failed'),
    url: settings.url,
    projectId: run.data.projectId,
    durationMs: Math.round(settings.time.nowMs() - startedAt),
    checks,
    latencies: run.latencies,
  };
}
