import { type Files, systemFiles } from '../../../../src/lifecycle/outbox/files.ts';

/** A real disk with so much room, or that refuses to be written. What does not fit is written as far as it does. */
export class FaultyFiles implements Files {
  room = Number.POSITIVE_INFINITY;
  refuses: 'EROFS' | 'EACCES' | undefined;
  /** Nothing that is written comes to an end. */
  hangs = false;

  readonly makeFolder: Files['makeFolder'] = async (path) => {
    this.#mayChange();
    return systemFiles.makeFolder(path);
  };
  readonly create: Files['create'] = (path, text) => this.#write(text, (part) => systemFiles.create(path, part));
  readonly append: Files['append'] = (path, text) => this.#write(text, (part) => systemFiles.append(path, part));
  readonly rename: Files['rename'] = async (from, to) => {
    this.#mayChange();
    return systemFiles.rename(from, to);
  };
  readonly remove: Files['remove'] = async (path) => {
    this.#mayChange();
    return systemFiles.remove(path);
  };
  readonly touch: Files['touch'] = async (path, time) => {
    this.#mayChange();
    return systemFiles.touch(path, time);
  };
  readonly list = systemFiles.list;
  readonly read = systemFiles.read;
  readonly sync = systemFiles.sync;
  readonly modifiedAt = systemFiles.modifiedAt;
  readonly createdAt = systemFiles.createdAt;

  async #write(text: string, write: (part: string) => Promise<void>): Promise<void> {
    this.#mayChange();
    if (this.hangs) await new Promise(() => undefined);
    const part = Buffer.from(text).subarray(0, Math.max(0, this.room)).toString('latin1');
    const whole = Buffer.byteLength(text) <= this.room;
    this.room -= part.length;
    await write(whole ? text : part);
    if (!whole) throw systemError('ENOSPC');
  }

  #mayChange(): void {
    if (this.refuses) throw systemError(this.refuses);
  }
}

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: the disk says no`), { code });
}
