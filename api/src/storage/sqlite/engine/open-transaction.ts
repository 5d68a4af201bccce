import { StorageUnavailableError } from '../../storage-errors.ts';
import type { Connection } from './connection.ts';
import type { Runner } from './runner.ts';

export class OpenTransaction implements Runner {
  readonly #connection: Connection;
  #open = true;
  #failure: StorageUnavailableError | undefined;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** IMMEDIATE: it may wait for another process here, and is never refused half-way for having read first. */
  static begin(connection: Connection): OpenTransaction {
    connection.exec('BEGIN IMMEDIATE');
    return new OpenTransaction(connection);
  }

  get isOpen(): boolean {
    return this.#open;
  }

  async run<T>(operation: (connection: Connection) => T): Promise<T> {
    if (!this.#open) throw new Error('the stores of a transaction were used after it had ended');
    this.#mustBeWhole();
    try {
      return operation(this.#connection);
    } catch (error) {
      // A full or failing disk can make SQLite roll back by itself. From then on each statement would be a
      // transaction of its own, so nothing more may run in this one, even if `work` swallows the error.
      if (error instanceof StorageUnavailableError) this.#failure = error;
      throw error;
    }
  }

  runLossy<T>(operation: (connection: Connection) => T): Promise<T> {
    return this.run(operation);
  }

  async complete<T>(work: (runner: Runner) => Promise<T>): Promise<T> {
    try {
      const result = await work(this);
      this.#mustBeWhole();
      this.#connection.exec('COMMIT');
      return result;
    } catch (error) {
      this.#connection.rollBack();
      throw error;
    } finally {
      this.#open = false;
    }
  }

  #mustBeWhole(): void {
    if (this.#failure) throw this.#failure;
    if (!this.#connection.inTransaction)
      throw new StorageUnavailableError('The database gave up a transaction: try again.');
  }
}
