import type { ErrorCode } from '../contract/errors.ts';

/** Codes for what goes wrong on this side of the wire, or between the two; they complete the contract's own. */
export const LOCAL_ERRORS = {
  NETWORK_ERROR: 'The server could not be reached, or the connection broke before the reply was complete.',
  TIMEOUT: 'No complete reply came within `timeoutMs`.',
  ABORTED: 'The caller aborted the call.',
  CONTRACT_VIOLATION: 'What answered is not a Claude Projects API, or not a compatible one.',
  GATEWAY_ERROR: 'Something in front of the API answered in its place: a proxy, a gateway, a load balancer.',
  UNRECOGNIZED_ERROR: 'The API is newer and sent a code this client does not know; `serverCode` has it.',
} as const satisfies Record<string, string>;

export type LocalErrorCode = keyof typeof LOCAL_ERRORS;
export type ApiErrorCode = ErrorCode | LocalErrorCode;
