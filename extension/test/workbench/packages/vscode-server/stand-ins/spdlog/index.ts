// VS Code writes its logs, those of extensions included, through a native module that would have to be compiled here.
// This writes the same files with what Node brings, so that output channels have content in the tests.
import { appendFileSync } from 'node:fs';

const LEVELS = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'];

class Logger {
  readonly #file: string;
  #level = 0;
  #plain = false;

  constructor(file: string) {
    this.#file = file;
  }

  trace = (message: string): void => this.#write(0, message);
  debug = (message: string): void => this.#write(1, message);
  info = (message: string): void => this.#write(2, message);
  warn = (message: string): void => this.#write(3, message);
  error = (message: string): void => this.#write(4, message);
  critical = (message: string): void => this.#write(5, message);
  getLevel = (): number => this.#level;
  setLevel = (level: number): void => {
    this.#level = level;
  };
  clearFormatters = (): void => {
    this.#plain = true;
  };
  setPattern(): void {}
  flush(): void {}
  drop(): void {}

  #write(level: number, message: string): void {
    if (level < this.#level) return;
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
    const text = this.#plain ? message : `${time} [${LEVELS[level]}] ${message}\n`;
    try {
      appendFileSync(this.#file, text);
    } catch {
      // The folder goes away while the last lines are written: at the end of a run nobody reads them.
    }
  }
}

const createLogger = (_name: string, file: string): Promise<Logger> => Promise.resolve(new Logger(file));

export const version = 0;
export const setLevel = (): void => {};
export const setFlushOn = (): void => {};
export { createLogger as createAsyncRotatingLogger, createLogger as createRotatingLogger };
