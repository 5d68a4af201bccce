import type { Disposable } from './disposable.ts';

/** Shaped like the editor's events, so that ours can be handed to it and to other extensions. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<{ readonly call: (value: T) => void }>();
  readonly #onFault: (error: unknown) => void;

  /** A listener that throws must not keep the others from hearing; where its error goes is for the owner to say. */
  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault;
  }

  readonly event: Event<T> = (listener) => {
    const entry = { call: listener };
    this.#listeners.add(entry);
    return { dispose: () => this.#listeners.delete(entry) };
  };

  fire(value: T): void {
    // Those of now: one that comes in the course of it has not missed anything.
    for (const listener of Array.from(this.#listeners)) {
      try {
        listener.call(value);
      } catch (error) {
        this.#onFault(error);
      }
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
