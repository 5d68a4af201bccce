import { ServiceHealth } from '../../../shared/src/contract/index.ts';
import type { Check } from '../check.ts';
import { expect } from '../failures.ts';
import { parsed } from '../parsed.ts';
import type { RunContext } from '../run-context.ts';
import { describeDuration } from '../time.ts';

/** Clocks that are kept by a time service differ by less than a second; what is reported late is dated by both. */
const LIMIT_MS = 60_000;

export const keepsTheTime: Check = {
  id: 'clock',
  title: 'its clock and the one of this machine agree within a minute',
  criteria: ['AC-2.2 last_heartbeat'],
  async verify(run) {
    const differences: number[] = [];
    const note = async (ask: () => Promise<string | undefined>) => {
      differences.push(await differenceOf(run, ask));
    };
    await note(async () => {
      const { text } = await run.send({ method: 'GET', path: '/health' });
      return parsed(ServiceHealth, text)?.timestamp;
    });
    const { session_id } = await run.createSession('clock');
    // By the clock that decides whether a session is stalled, which another instance may have.
    await note(async () => (await run.client.sendHeartbeat(session_id)).last_heartbeat);
    await run.client.updateSession(session_id, { status: 'completed' });
    const largest = differences.reduce((one, other) => (Math.abs(other) > Math.abs(one) ? other : one));
    const difference = `${describeDuration(Math.abs(largest))} ${largest > 0 ? 'ahead of' : 'behind'} this machine's`;
    expect(Math.abs(largest) <= LIMIT_MS, `its clock is ${difference}: which of the two is wrong?`);
    return Math.abs(largest) < 1000 ? undefined : `its clock is ${difference}`;
  },
};

/** By how much the time in a reply lies outside of when the reply was made. */
async function differenceOf({ settings }: RunContext, ask: () => Promise<string | undefined>): Promise<number> {
  const askedAt = settings.time.today().getTime();
  const time = Date.parse((await ask()) ?? '');
  const answeredAt = settings.time.today().getTime();
  expect(!Number.isNaN(time), 'a reply does not say its time');
  if (time > answeredAt) return time - answeredAt;
  return Math.min(0, time - askedAt);
}
