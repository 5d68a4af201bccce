import { Writable } from 'node:stream';
import { secretWatch } from './secret-watch.ts';

export interface LogLine {
  timestamp: string;
  level: string;
  message: string;
  context: Record<string, unknown>;
}

/** Keeps what was logged, so that a test can ask for it. */
export class LogCapture extends Writable {
  readonly #lines: string[] = [];

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    for (const line of chunk.toString('utf8').split('\n')) {
      if (line === '') continue;
      secretWatch.read(line);
      this.#lines.push(line);
    }
    done();
  }

  get text(): string {
    return this.#lines.join('\n');
  }

  withMessage(message: string): LogLine[] {
    return this.matching((line) => line.message === message);
  }

  matching(wanted: (line: LogLine) => boolean): LogLine[] {
    return this.#lines.map(parseLine).filter(wanted);
  }
}

function parseLine(text: string): LogLine {
  const line: unknown = JSON.parse(text);
  if (!isLogLine(line)) throw new Error(`Not a log line: ${text}`);
  return line;
}

function isLogLine(line: unknown): line is LogLine {
  return typeof line === 'object' && line !== null && 'message' in line && 'context' in line && 'level' in line;
}
