import { setTimeout as pause } from 'node:timers/promises';

const LIMIT_MS = 30_000;

/** Looks again and again until there is something to see. */
export async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + LIMIT_MS;
  while (performance.now() < deadline) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await pause(20);
  }
  throw new Error(`waited in vain until ${what}`);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export function untilGone(pid: number): Promise<true> {
  return until(`process ${pid} is gone`, () => (isAlive(pid) ? undefined : true));
}
