/** What is asked of a connection here. */
export interface Transactional {
  /** Node tells since 22.16. */
  readonly isTransaction?: boolean | undefined;
  exec(sql: string): void;
}

/** An older Node, as in editors of its time, has to be asked by trying. */
export function isInTransaction(database: Transactional): boolean {
  return database.isTransaction ?? !canBegin(database);
}

/** A transaction that has done nothing yet takes no lock and touches no file: only being in one can forbid it. */
function canBegin(database: Transactional): boolean {
  try {
    database.exec('BEGIN');
  } catch {
    return false;
  }
  database.exec('ROLLBACK');
  return true;
}
