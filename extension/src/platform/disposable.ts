/** What holds a timer, a listener, a socket or a process. Shaped like the editor's, so that it takes ours. */
export interface Disposable {
  dispose(): void;
}

/** Disposes of all its parts, the last one first, and at once of what is added afterwards. */
export class Disposables implements Disposable {
  #parts: Disposable[] = [];
  #disposed = false;

  add<T extends Disposable>(part: T): T {
    if (this.#disposed) part.dispose();
    else this.#parts.push(part);
    return part;
  }

  dispose(): void {
    this.#disposed = true;
    for (const part of this.#parts.splice(0).toReversed()) part.dispose();
  }
}
