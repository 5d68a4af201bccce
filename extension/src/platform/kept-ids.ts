import * as z from 'zod/mini';
import { Emitter, type Event } from './emitter.ts';

/** Shaped like the editor's `Memento`. */
export interface KeptState {
  get(name: string): unknown;
  update(name: string, value: unknown): PromiseLike<void>;
}

const Ids = z.array(z.string());

/** A set of ids that survives a restart of the editor. When it is full, the oldest ids are forgotten. */
export class KeptIds {
  readonly #state: KeptState;
  readonly #key: string;
  readonly #most: number;
  readonly #changed: Emitter<void>;
  #ids: ReadonlySet<string>;

  constructor(state: KeptState, key: string, most: number, onFault: (error: unknown) => void) {
    this.#state = state;
    this.#key = key;
    this.#most = most;
    this.#changed = new Emitter(onFault);
    this.#ids = new Set(this.#read());
  }

  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  async add(ids: readonly string[]): Promise<void> {
    await this.#write([...new Set([...this.#read(), ...ids])].slice(-this.#most));
  }

  async remove(ids: readonly string[]): Promise<void> {
    if (!ids.some((id) => this.#ids.has(id))) return;
    const removed = new Set(ids);
    await this.#write(this.#read().filter((id) => !removed.has(id)));
  }

  /** Reads the state again, because other windows write to it. */
  #read(): readonly string[] {
    const kept = z.safeParse(Ids, this.#state.get(this.#key));
    return kept.success ? kept.data : [];
  }

  async #write(ids: readonly string[]): Promise<void> {
    this.#ids = new Set(ids);
    this.#changed.fire();
    await this.#state.update(this.#key, ids);
  }
}
