export type UniqueConstraint = 'session_id' | 'active_place' | 'docker_slot' | 'task_id';

/** The engine refused a write because it would have made something exist twice. */
export class UniqueViolationError extends Error {
  readonly constraint: UniqueConstraint;

  constructor(constraint: UniqueConstraint, options?: ErrorOptions) {
    super(`already taken: ${constraint}`, options);
    this.name = 'UniqueViolationError';
    this.constraint = constraint;
  }
}

/**
 * The database cannot serve now: gone, too slow, full, read-only. The message is for the operator and says
 * what to do; it never holds credentials.
 */
export class StorageUnavailableError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StorageUnavailableError';
  }
}

/** The database was given its time and did not answer within it: what was asked may have happened, or not. */
export class StorageTimeoutError extends StorageUnavailableError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StorageTimeoutError';
  }
}

/** The database was not asked: it failed so often of late that it is left alone for a while. */
export class CircuitOpenError extends StorageUnavailableError {
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super('The circuit to the database is open, because it failed too often: see the failures logged before.');
    this.name = 'CircuitOpenError';
    this.retryAfterMs = retryAfterMs;
  }
}

/** The storage cannot be used at all, and a restart alone will not mend it: the process must not start. */
export class StorageStartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StorageStartError';
  }
}
