import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import { OWNER_ONLY_FILE } from './server-folder.ts';

/**
 * A log that never takes more than twice its limit: when it is full it becomes the old one, and the old one is
 * gone. Written at once, as a buffered line is lost with the process whose end it explains. Where nothing can be
 * written, on a full disk, lines are lost: the server's work does not depend on its log.
 */
export class BoundedLogFile {
  readonly #path: string;
  readonly #limitBytes: number;
  #file: number;
  #size: number;

  constructor(path: string, limitBytes: number) {
    this.#path = path;
    this.#limitBytes = limitBytes;
    this.#file = openSync(path, 'a', OWNER_ONLY_FILE);
    this.#size = fstatSync(this.#file).size;
  }

  write(line: string): void {
    try {
      if (this.#size >= this.#limitBytes) this.#startAnew();
      this.#size += writeSync(this.#file, line);
    } catch {
      // See above.
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  #startAnew(): void {
    renameSync(this.#path, `${this.#path}.old`);
    const next = openSync(this.#path, 'a', OWNER_ONLY_FILE);
    closeSync(this.#file);
    this.#file = next;
    this.#size = 0;
  }
}
