import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { Outbox } from '../../../../src/lifecycle/outbox/outbox.ts';

const LIMIT_MS = 20_000;

/** For what waits for a real disk, socket or process: looks again and again, until a limit that only a fault reaches. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  why: () => string,
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<void> {
  const limit = performance.now() + LIMIT_MS;
  while (!(await condition())) {
    if (performance.now() > limit) assert.fail(why());
    await meanwhile();
    await setTimeout(1);
  }
}

export async function untilEmpty(
  outbox: Outbox,
  why: () => string = () => 'all is delivered',
  meanwhile?: () => Promise<void>,
): Promise<void> {
  const empty = outbox.whenEmpty(new AbortController().signal).then(() => true);
  await eventually(() => Promise.race([empty, setTimeout(1, false)]), why, meanwhile);
}
