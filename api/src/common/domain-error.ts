import type { ErrorCode, ErrorDetail } from '@claude-projects/shared/contract';

export interface ErrorContext {
  details?: ErrorDetail[];
  conflicting_session_id?: string;
  successor_session_id?: string;
}

/** A refusal with a reason the caller can act on. Its code decides the status; the message is for people. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly context: ErrorContext;

  constructor(code: ErrorCode, message: string, context: ErrorContext = {}) {
    super(message);
    this.name = 'DomainError';
    this.code = code;
    this.context = context;
  }
}

/** A body of 1 MiB holds 100,000 wrong fields; nobody reads that many. */
const MOST_DETAILS = 100;

/** The first fields in the wrong, named; the request is refused as a whole. */
export function validationError(details: ErrorDetail[]): DomainError {
  const named = details.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`));
  const shown = named.slice(0, 3).join('; ');
  const more = named.length > 3 ? `; and ${named.length - 3} more` : '';
  return new DomainError('VALIDATION_FAILED', `The request is not valid. ${shown}${more}`, {
    details: details.slice(0, MOST_DETAILS),
  });
}
