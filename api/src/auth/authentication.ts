import { AUTHENTICATION_MESSAGES, type ErrorCode, HEADERS } from '@claude-projects/shared/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../common/clock.ts';
import { DomainError } from '../common/domain-error.ts';
import type { Configuration } from '../config/configuration.ts';
import type { Log } from '../logging/log.ts';
import { API_KEY_PATTERN, ApiKeyRing, maskKey } from './api-key.ts';

/** As it is logged. */
type Attempt = { readonly ip: string; readonly key: string };

const HOUR_MS = 3_600_000;

type Refusal = keyof typeof AUTHENTICATION_MESSAGES & ErrorCode;

/** Says of a failed attempt whether it was one too many. */
type CountAttempt = (
  request: FastifyRequest,
  reply: FastifyReply,
  done: (tooMany: DomainError | undefined) => void,
) => void;

/**
 * Asks every request for a key before its body is read, whatever route it is for: only a route that the
 * contract declares public is let through, so a route that forgot to declare itself is closed, not open.
 */
export function addAuthentication(
  fastify: FastifyInstance,
  configuration: Configuration,
  { log, clock }: { readonly log: Log; readonly clock: Clock },
  failedAttempt: CountAttempt = (_request, _reply, done) => done(undefined),
): void {
  fastify.decorateRequest('keyId', null);
  if (configuration.authenticationBypassed) {
    log.warn('No API keys are configured: every request is let through. Never run like this outside development.');
    return;
  }
  const keys = new ApiKeyRing(configuration.apiKeys);
  const logSuccess = successLog(log, clock);
  fastify.addHook('onRequest', (request, reply, done) => {
    if (isOpen(request, configuration)) {
      done();
      return;
    }
    const key = presentedKey(request);
    const identified = identify(key, keys);
    const attempt: Attempt = { ip: request.ip, key: key === undefined ? '(none)' : maskKey(key) };
    if ('refusal' in identified) {
      const { refusal } = identified;
      log.warn('Authentication failed', { ...attempt, code: refusal });
      failedAttempt(request, reply, (tooMany) => {
        done(tooMany ?? new DomainError(refusal, AUTHENTICATION_MESSAGES[refusal]));
      });
      return;
    }
    request.keyId = identified.keyId;
    logSuccess(request, identified.keyId, attempt);
    done();
  });
}

function isOpen(request: FastifyRequest, { docsPublic }: Configuration): boolean {
  // An unknown path has nothing to protect, and says so with a 404.
  if (request.is404) return true;
  const { access } = request.routeOptions.config;
  return access === 'public' || (access === 'docs' && docsPublic);
}

/** `Authorization: Bearer` wins where both headers are sent. */
function presentedKey(request: FastifyRequest): string | undefined {
  const { authorization } = request.headers;
  if (authorization !== undefined) return /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? authorization;
  const header = request.headers[HEADERS.apiKey.toLowerCase()];
  return Array.isArray(header) ? header[0] : header;
}

function identify(key: string | undefined, keys: ApiKeyRing): { keyId: string } | { refusal: Refusal } {
  if (key === undefined || key.trim() === '') return { refusal: 'API_KEY_REQUIRED' };
  if (!API_KEY_PATTERN.test(key)) return { refusal: 'API_KEY_MALFORMED' };
  const keyId = keys.idOf(key);
  return keyId === undefined ? { refusal: 'API_KEY_INVALID' } : { keyId };
}

/**
 * A fleet's pulse would drown every other line, so heartbeats are logged where the heartbeat itself is: at debug. But
 * the first of a key in an hour is for everybody, for a key that nobody seems to use is one that somebody takes away.
 */
function successLog(log: Log, clock: Clock): (request: FastifyRequest, keyId: string, attempt: Attempt) => void {
  const seenUntil = new Map<string, number>();
  return (request, keyId, attempt) => {
    const now = clock.now().getTime();
    const isPulse = request.routeOptions.url?.endsWith('/heartbeat') === true;
    if (isPulse && now < (seenUntil.get(keyId) ?? 0)) {
      log.debug('Authenticated', attempt);
      return;
    }
    if (isPulse) seenUntil.set(keyId, now + HOUR_MS);
    log.info('Authenticated', attempt);
  };
}
