import * as z from 'zod/mini';
import type { KeptState } from '../workspace/machine-identity.ts';

const STATE = 'claudeProjects.neverRecover';
/** Old ones are forgotten: by then the sessions themselves are. */
const MOST = 500;

const Ids = z.array(z.string());

/** The sessions that the user never wants to be asked about again, also after a restart. */
export class NeverAgain {
  readonly #state: KeptState;
  readonly #ids: Set<string>;

  constructor(state: KeptState) {
    this.#state = state;
    const kept = z.safeParse(Ids, state.get(STATE));
    this.#ids = new Set(kept.success ? kept.data : []);
  }

  has(sessionId: string): boolean {
    return this.#ids.has(sessionId);
  }

  async add(sessionIds: readonly string[]): Promise<void> {
    for (const sessionId of sessionIds) this.#ids.add(sessionId);
    for (const oldest of [...this.#ids].slice(0, Math.max(0, this.#ids.size - MOST))) this.#ids.delete(oldest);
    await this.#state.update(STATE, [...this.#ids]);
  }
}
