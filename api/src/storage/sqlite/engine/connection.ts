import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { isInTransaction } from './in-transaction.ts';
import { storageErrorFrom } from './sqlite-errors.ts';

export type Row = Record<string, SQLOutputValue>;
export type Parameters = Record<string, SQLInputValue>;

/** One connection: statements prepared once, and SQLite's failures turned into the port's. */
export class Connection {
  readonly #database: DatabaseSync;
  readonly #path: string;
  /** Bounded by the adapter's own code: statements are put together from its fragments, never from input. */
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    this.#path = path;
  }

  get inTransaction(): boolean {
    return isInTransaction(this.#database);
  }

  /**
   * Also the way to run `… RETURNING`: node's `get` stops at the first row, and an error in the commit that
   * then happens while the statement is reset would go unnoticed.
   */
  all(sql: string, parameters: Parameters = {}): Row[] {
    return this.#guarded(() => this.#statement(sql).all(parameters));
  }

  first(sql: string, parameters: Parameters = {}): Row | null {
    return this.all(sql, parameters)[0] ?? null;
  }

  /** For `SELECT count(*) AS count …`. */
  count(sql: string, parameters: Parameters = {}): number {
    return Number(this.first(sql, parameters)?.['count']);
  }

  /** How many rows it changed. */
  run(sql: string, parameters: Parameters = {}): number {
    return this.#guarded(() => Number(this.#statement(sql).run(parameters).changes));
  }

  exec(sql: string): void {
    this.#guarded(() => this.#database.exec(sql));
  }

  /** Several statements as one write; part of the transaction where one is open. */
  atomically<T>(work: () => T): T {
    return this.#between('BEGIN IMMEDIATE', work);
  }

  /** Several reads of one and the same state. */
  consistently<T>(work: () => T): T {
    return this.#between('BEGIN', work);
  }

  rollBack(): void {
    if (this.inTransaction) this.exec('ROLLBACK');
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  /** Leaves one file behind, so that copying it is a backup. Another process may prevent that; no harm done. */
  closeAfterCheckpoint(): void {
    try {
      this.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      this.close();
    }
  }

  #between<T>(begin: string, work: () => T): T {
    if (this.inTransaction) return work();
    this.exec(begin);
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      this.rollBack();
      throw error;
    }
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #guarded<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      throw storageErrorFrom(error, this.#path);
    }
  }
}
