import { type DestinationStream, type Logger, pino } from 'pino';
import { currentRequest } from '../common/request-context.ts';
import type { Configuration } from '../config/configuration.ts';

export type LogContext = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** One JSON line an event: timestamp, level, message, and a context one can search by. */
export class Log {
  readonly #pino: Logger;

  constructor(level: Configuration['logLevel'], destination?: DestinationStream) {
    this.#pino = pino(
      {
        level,
        base: null,
        messageKey: 'message',
        timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
        formatters: { level: (label) => ({ level: label.toUpperCase() }) },
      },
      ...(destination ? [destination] : []),
    );
  }

  error(message: string, context: LogContext = {}, error?: unknown): void {
    const stack = error instanceof Error ? { stack: error.stack } : {};
    this.#pino.error({ context: withRequest({ ...context, ...stack }) }, message);
  }

  warn(message: string, context: LogContext = {}): void {
    this.#pino.warn({ context: withRequest(context) }, message);
  }

  info(message: string, context: LogContext = {}): void {
    this.#pino.info({ context: withRequest(context) }, message);
  }

  debug(message: string, context: LogContext = {}): void {
    // Heartbeats log at this level: building the context costs nothing while nobody listens.
    if (this.#pino.isLevelEnabled('debug')) this.#pino.debug({ context: withRequest(context) }, message);
  }
}

function withRequest(context: LogContext): LogContext {
  const request = currentRequest();
  return request ? { ...context, endpoint: request.endpoint, request_id: request.requestId } : context;
}
