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

/** The storage cannot be used at all, and a restart alone will not mend it: the process must not start. */
export class StorageStartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StorageStartError';
  }
}
