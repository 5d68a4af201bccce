import { DatabaseSync } from 'node:sqlite';

/** Keeps the SQL that the adapter prepares. */
export class RecordingDatabase extends DatabaseSync {
  readonly #statements: string[];

  constructor(path: string, statements: string[]) {
    super(path);
    this.#statements = statements;
  }

  override prepare(...[sql, options]: Parameters<DatabaseSync['prepare']>) {
    this.#statements.push(sql);
    return super.prepare(sql, options);
  }
}
