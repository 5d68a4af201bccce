import { Deadlines } from '../../common/deadlines.ts';
import { StorageTimeoutError } from '../storage-errors.ts';

/** A transaction is several calls; as in the engines it gets the time of two. */
const CALLS_WORTH_OF_TIME = 2;

/** A readiness check has a caller that waits less long than others do. */
const LONGEST_PING_MS = 5000;

/** Makes a call of the storage end in time, whatever the engine does. Owns timers; whoever makes one disposes it. */
export class CallLimits {
  readonly #single: Deadlines<Call>;
  readonly #transactions: Deadlines<Call>;
  readonly #pings: Deadlines<Call>;

  constructor(timeoutMs: number) {
    this.#single = new Deadlines(timeoutMs, giveUp);
    this.#pings = new Deadlines(Math.min(timeoutMs, LONGEST_PING_MS), giveUp);
    this.#transactions = new Deadlines(timeoutMs * CALLS_WORTH_OF_TIME, giveUp);
  }

  /** As the call ends, or with StorageTimeoutError; how it ends after that interests nobody. */
  async limited<T>(operation: string, run: () => Promise<T>): Promise<T> {
    const deadlines = this.#deadlinesOf(operation);
    const { promise: givenUp, reject } = Promise.withResolvers<never>();
    const deadline = deadlines.add({ operation, reject });
    try {
      return await Promise.race([run(), givenUp]);
    } finally {
      deadlines.met(deadline);
    }
  }

  dispose(): void {
    this.#single.dispose();
    this.#transactions.dispose();
    this.#pings.dispose();
  }

  #deadlinesOf(operation: string): Deadlines<Call> {
    if (operation === 'transaction') return this.#transactions;
    return operation === 'ping' ? this.#pings : this.#single;
  }
}

interface Call {
  readonly operation: string;
  readonly reject: (error: Error) => void;
}

function giveUp({ operation, reject }: Call): void {
  reject(
    new StorageTimeoutError(
      `The database did not finish ${operation} in time: look for what keeps it busy, or raise DATABASE_TIMEOUT_MS.`,
    ),
  );
}
