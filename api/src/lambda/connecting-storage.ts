import type { Log } from '../logging/log.ts';
import type { Storage } from '../storage/storage.ts';
import { StorageStartError, StorageUnavailableError } from '../storage/storage-errors.ts';

/**
 * A storage that can be used while it is still being opened: each operation waits for that, and only it. So a start
 * does not wait for the network, and a database that is away is told like any other outage, with a 503, instead of an
 * instance that cannot start. What failed to open is opened anew by the next operation.
 */
export function connectingStorage(open: () => Promise<Storage>, log: Log): Storage {
  let opening: Promise<Storage> | undefined;
  const opened = (): Promise<Storage> => {
    opening ??= open().catch((error: unknown) => {
      opening = undefined;
      if (!(error instanceof StorageStartError)) throw error;
      log.error('Database connection failed', { reason: error.message });
      throw new StorageUnavailableError(error.message, { cause: error });
    });
    return opening;
  };
  // Begun at once; whoever needs it is told how it went.
  opened().catch(() => undefined);
  const store = <Name extends StoreName>(name: Name): Storage[Name] => waiting(async () => (await opened())[name]);
  return {
    engine: 'mongodb',
    sessions: store('sessions'),
    tasks: store('tasks'),
    machines: store('machines'),
    leases: store('leases'),
    counters: store('counters'),
    history: store('history'),
    consistency: store('consistency'),
    transaction: async (work) => (await opened()).transaction(work),
    ping: async () => (await opened()).ping(),
    close: async () => (await opening?.catch(() => undefined))?.close(),
  };
}

type StoreName = 'sessions' | 'tasks' | 'machines' | 'leases' | 'counters' | 'history' | 'consistency';

/** Stands for an object all of whose members are functions that return promises, as those of every store are. */
function waiting<Store extends object>(arriving: () => Promise<Store>): Store {
  const members = new Proxy(
    {},
    {
      get:
        (_none, method) =>
        async (...args: unknown[]) => {
          const store = await arriving();
          const member: unknown = Reflect.get(store, method);
          if (typeof member !== 'function') throw new TypeError(`a store has no operation ${String(method)}`);
          return Reflect.apply(member, store, args) as unknown;
        },
    },
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the Proxy is there for; see above
  return members as Store;
}
