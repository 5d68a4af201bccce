import type { Storage } from './storage.ts';

/** Runs an operation of the storage, named as in `sessions.heartbeat`, and may do something around it. */
export type Around = <T>(operation: string, run: () => Promise<T>) => Promise<T>;

const STORES = ['sessions', 'tasks', 'machines', 'leases', 'counters', 'history', 'consistency'] as const;

/**
 * The same storage with something around each of its operations, for what concerns them all alike: timing, or a
 * circuit breaker. A transaction is one operation; what runs inside it is left alone.
 */
export function wrapStorage(storage: Storage, around: Around): Storage {
  const stores = Object.fromEntries(STORES.map((name) => [name, wrapStore(storage[name], name, around)]));
  return {
    ...storage,
    ...stores,
    transaction: (work) => around('transaction', () => storage.transaction(work)),
    ping: () => around('ping', () => storage.ping()),
    close: () => storage.close(),
  };
}

function wrapStore<Store extends object>(store: Store, name: string, around: Around): Store {
  const wrapped = new Map<string | symbol, unknown>();
  return new Proxy(store, {
    get(target, method) {
      const known = wrapped.get(method);
      if (known !== undefined) return known;
      const original: unknown = Reflect.get(target, method, target);
      if (typeof original !== 'function') return original;
      const operation = `${name}.${String(method)}`;
      const call = (...args: unknown[]): Promise<unknown> =>
        around(operation, async () => Reflect.apply(original, target, args) as unknown);
      wrapped.set(method, call);
      return call;
    },
  });
}
