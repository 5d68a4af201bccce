import type { Connection } from './connection.ts';

/** Decides when, and on which connection, an operation runs: in its turn, or within an open transaction. */
export interface Runner {
  run<T>(operation: (connection: Connection) => T): Promise<T>;
  /**
   * For writes that may be lost in a power cut, though never half of one: outside a transaction they do not
   * wait for the disk.
   */
  runLossy<T>(operation: (connection: Connection) => T): Promise<T>;
}
