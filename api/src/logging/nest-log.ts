import type { LoggerService } from '@nestjs/common';
import type { Log } from './log.ts';

/** Nest's own messages in our format. Its start-up chatter is for developers of Nest, so it goes to debug. */
export class NestLog implements LoggerService {
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.#log.debug(String(message), { source: sourceOf(rest) });
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.#log.warn(String(message), { source: sourceOf(rest) });
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#log.error(message instanceof Error ? message.message : String(message), { source: sourceOf(rest) }, message);
  }
}

function sourceOf(rest: unknown[]): string | undefined {
  const last = rest.at(-1);
  return typeof last === 'string' ? last : undefined;
}
