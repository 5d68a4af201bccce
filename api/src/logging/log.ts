import { type DestinationStream, type Logger, pino } from 'pino';
import { currentRequest } from '../common/request-context.ts';
import type { Configuration } from '../config/configuration.ts';
import { redactor, secretsOf } from './redaction.ts';
import { stackOf } from './stack-of.ts';

export type LogContext = Readonly<Record<string, string | number | boolean | null | undefined>>;

export type LogConfiguration = Pick<Configuration, 'logLevel' | 'apiKeys' | 'mongodbUri'>;

/** One JSON line an event: timestamp, level, message, and a context one can search by. */
export class Log {
  readonly #pino: Logger;

  /** The configuration also says what must never be shown, whatever an event quotes. */
  constructor(configuration: LogConfiguration, destination: DestinationStream = standardOutput()) {
    this.#pino = pino(
      {
        level: configuration.logLevel,
        base: null,
        messageKey: 'message',
        timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
        formatters: { level: (label) => ({ level: label.toUpperCase() }) },
        hooks: { streamWrite: redactor(secretsOf(configuration)) },
      },
      destination,
    );
  }

  error(message: string, context: LogContext = {}, error?: unknown): void {
    this.#pino.error({ context: withRequest({ ...context, stack: stackOf(error) }) }, message);
  }

  warn(message: string, context: LogContext = {}): void {
    this.#pino.warn({ context: withRequest(context) }, message);
  }

  info(message: string, context: LogContext = {}): void {
    this.#pino.info({ context: withRequest(context) }, message);
  }

  /** Heartbeats log at this level: a context that is a function costs nothing while nobody listens. */
  debug(message: string, context: LogContext | (() => LogContext) = {}): void {
    if (!this.#pino.isLevelEnabled('debug')) return;
    this.#pino.debug({ context: withRequest(typeof context === 'function' ? context() : context) }, message);
  }
}

/** Written at once: a buffered line is lost with the process whose end it explains. */
function standardOutput(): DestinationStream {
  return pino.destination({ dest: 1, sync: true, minLength: 0 });
}

/** What an event says of itself comes before what the request says: it may tell of another session. */
function withRequest(context: LogContext): LogContext {
  const request = currentRequest();
  if (!request) return context;
  const { endpoint, requestId, sessionId } = request;
  return { endpoint, request_id: requestId, ...(sessionId !== undefined && { session_id: sessionId }), ...context };
}
