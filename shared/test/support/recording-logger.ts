import { once } from 'node:events';
import type { ClientLogger, LogFields } from '../../src/client/index.ts';

export interface LogLine {
  level: 'debug' | 'warn';
  message: string;
  fields: LogFields;
}

/** Keeps every line, and lets a test wait for one. */
export class RecordingLogger implements ClientLogger {
  readonly lines: LogLine[] = [];
  readonly #written = new EventTarget();

  debug(message: string, fields: LogFields): void {
    this.#write({ level: 'debug', message, fields });
  }

  warn(message: string, fields: LogFields): void {
    this.#write({ level: 'warn', message, fields });
  }

  /** A client that has warned is about to wait and try again. */
  async warned(): Promise<LogLine> {
    for (;;) {
      const line = this.lines.find(({ level }) => level === 'warn');
      if (line) return line;
      await once(this.#written, 'line');
    }
  }

  #write(line: LogLine): void {
    this.lines.push(line);
    this.#written.dispatchEvent(new Event('line'));
  }
}
