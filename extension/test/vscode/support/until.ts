import type { Event } from 'vscode';

/** What `look` returns, as soon as it is not undefined: now, or after one of the events. Mocha's timeout bounds it. */
export async function until<T>(look: () => T | undefined, ...events: readonly Event<unknown>[]): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>();
  const check = (): void => {
    const found = look();
    if (found !== undefined) resolve(found);
  };
  const listeners = events.map((event) => event(check));
  check();
  try {
    return await promise;
  } finally {
    for (const listener of listeners) listener.dispose();
  }
}
