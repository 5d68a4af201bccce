import { AsyncLocalStorage } from 'node:async_hooks';
import { StorageUnavailableError } from '../../storage-errors.ts';
import type { Connection } from './connection.ts';
import type { DatabaseFile } from './database-file.ts';
import type { Connections } from './open-connections.ts';
import { OpenTransaction } from './open-transaction.ts';
import type { Runner } from './runner.ts';
import { Turns } from './turns.ts';

/**
 * Owns the connections. Both are used on one thread, and a connection that waits for a lock blocks that
 * thread: were one to write while the other holds a transaction open, the transaction could never end. That
 * is why every operation, on either connection, waits for the same turn.
 */
export class Engine implements Runner {
  readonly #file: DatabaseFile;
  readonly #connections: Connections;
  readonly #turns = new Turns();
  readonly #transaction = new AsyncLocalStorage<OpenTransaction>();
  #closing: Promise<void> | undefined;

  constructor(file: DatabaseFile, connections: Connections) {
    this.#file = file;
    this.#connections = connections;
  }

  async run<T>(operation: (connection: Connection) => T): Promise<T> {
    this.#mustAcceptWork();
    return this.#turns.once(() => operation(this.#connections.records));
  }

  async runLossy<T>(operation: (connection: Connection) => T): Promise<T> {
    this.#mustAcceptWork();
    return this.#turns.once(() => operation(this.#connections.heartbeats));
  }

  async transaction<T>(work: (runner: Runner) => Promise<T>): Promise<T> {
    this.#mustAcceptWork();
    return this.#turns.hold(() => {
      const transaction = OpenTransaction.begin(this.#connections.records);
      return this.#transaction.run(transaction, () => transaction.complete(work));
    });
  }

  async ping(): Promise<void> {
    await this.run((connection) => {
      this.#file.mustBeInPlace();
      connection.all('SELECT 1 FROM sqlite_schema LIMIT 1');
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#turns.once(() => {
      this.#connections.heartbeats.close();
      this.#connections.records.closeAfterCheckpoint();
    });
    return this.#closing;
  }

  #mustAcceptWork(): void {
    if (this.#closing) throw new StorageUnavailableError('The database is closed because the API is shutting down.');
    if (this.#transaction.getStore()?.isOpen) {
      throw new Error(
        "inside a transaction only the stores given to it may be used: the storage's own would wait for it",
      );
    }
  }
}
