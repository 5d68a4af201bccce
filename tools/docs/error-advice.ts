import type { ErrorCode } from '../../shared/src/contract/index.ts';

/** What to do about each code. The compiler sees to it that none is missing. */
export const ADVICE: Readonly<Record<ErrorCode, string>> = {
  VALIDATION_FAILED: 'Mend the fields that `details` names. Do not repeat it as it is.',
  INVALID_JSON: 'Send JSON; a body that is not needed may be left out.',
  INVALID_STATE: 'Read the session: an archive needs an ended one, a recovery a dead one.',
  UNKNOWN_SESSION: 'Create the session first, or take the id that creating it gave.',
  API_KEY_REQUIRED: 'Send `X-API-Key` or `Authorization: Bearer`.',
  API_KEY_MALFORMED: 'Look for quotes, spaces or half a key: it is a UUID of version 4.',
  API_KEY_INVALID: 'Compare with `API_KEYS` of that server. After a rotation take the new key.',
  ROUTE_NOT_FOUND: 'Compare path and method with the [reference](API.md).',
  SESSION_NOT_FOUND: 'It was deleted, or lives on another server. Stop beating for it.',
  TASK_NOT_FOUND: 'It was deleted, or its session was.',
  MACHINE_NOT_FOUND: 'Register the machine.',
  ACTIVE_SESSION_EXISTS: 'Go on with the session that `conflicting_session_id` names, end it, or take another slot.',
  INVALID_TRANSITION: 'Read the record and decide again: somebody else changed it.',
  SESSION_ENDED: 'Stop. The work goes on in `successor_session_id`, if there is one, and not here.',
  NOT_RECOVERABLE: 'Nothing. Wait until it is stalled, or end it with mark-failed first.',
  RECOVERY_LIMIT_REACHED: 'Find out why it dies each time; then recover with `force: true`.',
  ID_REUSED: 'Make a new id. The same id with the same content would have been answered with 200.',
  MACHINE_IN_USE: 'End its live sessions first.',
  PAYLOAD_TOO_LARGE: 'Send less; metadata may have 64 KiB.',
  URI_TOO_LONG: 'Look what the path was made of.',
  UNSUPPORTED_MEDIA_TYPE: 'Send `Content-Type: application/json`.',
  RATE_LIMITED: 'Wait as long as `Retry-After` says, then repeat. Repeating is safe: nothing was done.',
  BAD_REQUEST: 'Look at what sends it: it is no HTTP that a server can read.',
  INTERNAL_ERROR: 'Search the log for the `request_id`. Repeat what is repeatable.',
  DATABASE_UNAVAILABLE:
    'Wait as long as `Retry-After` says, then repeat. If it lasts, see the [runbook](RUNBOOKS.md#database-failures).',
  REQUEST_TIMEOUT: 'Repeat what is repeatable. If it lasts, see the [runbook](RUNBOOKS.md#slow-answers).',
};
