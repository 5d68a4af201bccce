import { ServiceHealth } from '../../../shared/src/contract/index.ts';
import type { Check } from '../check.ts';
import { expect } from '../failures.ts';
import { parsed } from '../parsed.ts';
import type { RunContext } from '../run-context.ts';
import { describeDuration } from '../time.ts';

/** Synchronized clocks differ by less than a second. Late reports carry times of both clocks. */
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
    // Heartbeats are dated by the clock that decides on stalls, which may be that of another instance.
    await note(async () => (await run.client.sendHeartbeat(session_id)).last_heartbeat);
    await run.client.updateSession(session_id, { status: 'completed' });
    const largest = differences.reduce((one, other) => (Math.abs(other) > Math.abs(one) ? other : one));
    const difference = `${describeDuration(Math.abs(largest))} ${largest > 0 ? 'ahead of' : 'behind'} this machine's`;
    expect(Math.abs(largest) <= LIMIT_MS, `its clock is ${difference}: which of the two is wrong?`);
    return Math.abs(largest) < 1000 ? undefined : `its clock is ${difference}`;
  },
};

/** How far the time in a reply is outside the interval of its request. */
async function differenceOf({ settings }: RunContext, ask: () => Promise<string | undefined>): Promise<number> {
  const askedAt = settings.time.today().getTime();
  const time = Date.parse((await ask()) ?? '');
  const answeredAt = settings.time.today().getTime();
  expect(!Number.isNaN(time), 'a reply does not say its time');
  if (time > answeredAt) return time - answeredAt;
  return Math.min(0, time - askedAt);
}
