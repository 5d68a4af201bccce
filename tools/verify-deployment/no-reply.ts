import { NoReplyError } from './failures.ts';
import { describeDuration } from './time.ts';

/** Only what the name does not say already; everything else is told by its code. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no such host is known',
  EAI_AGAIN: 'the name could not be looked up',
  ECONNRESET: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  UND_ERR_CONNECT_TIMEOUT: 'no connection came about in time',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate vouches for itself only',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not signed by anybody known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not signed by anybody known here',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS; is it http:// rather than https://?',
};

/** What `fetch` threw, told with the host it was about. */
export function noReply(error: unknown, { origin }: URL, timeoutMs: number): NoReplyError {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new NoReplyError(`${origin} gave no complete reply within ${describeDuration(timeoutMs)}`, 'TIMEOUT');
  }
  const code = codeOf(error);
  const reason = code === undefined ? undefined : (REASONS[code] ?? code);
  return new NoReplyError(`${origin} could not be reached: ${reason ?? 'the connection failed'}`, code);
}

/** Fetch wraps what happened; the innermost code is the one that says it. */
function codeOf(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 5) return undefined;
  const inner = codeOf(error.cause, depth + 1);
  if (inner !== undefined) return inner;
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
