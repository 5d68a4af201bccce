import { errors, type Page } from 'playwright-core';

/** What a person sees in the window: so many of these have such words. */
export interface Sight {
  readonly on: 'row' | 'toast' | 'badge';
  /** Of a row, its accessible name; of the badge, the number of sessions that need somebody. */
  readonly says: RegExp;
  /** How many there are; one or more unless given. */
  readonly count?: number;
}

/** The types of a page are not those of the tests. What is looked for is looked for anew whenever it is painted. */
const SEEN = `
  (sights) => {
    const texts = {
      row: () => [...document.querySelectorAll('.sidebar .monaco-list-row')].map((row) => row.getAttribute('aria-label') ?? ''),
      toast: () => [...document.querySelectorAll('.notifications-toasts .notification-list-item-message')].map(({ textContent }) => textContent),
      badge: () => [...document.querySelectorAll('.activitybar .action-item')]
        .filter((item) => item.querySelector('.action-label')?.getAttribute('aria-label')?.startsWith('Claude Projects'))
        .map((item) => item.querySelector('.badge-content')?.textContent ?? ''),
    };
    const isSeen = ({ on, source, count }) => {
      const found = texts[on]().filter((text) => new RegExp(source).test(text)).length;
      return count === null ? found > 0 : found === count;
    };
    return sights.every(isSeen);
  }`;

export class Sights {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Whether all of them are seen at this moment. */
  async areSeen(sights: readonly Sight[]): Promise<boolean> {
    return this.#page.evaluate(`(${SEEN})(${asked(sights)})`);
  }

  /** When all of them were seen for the first time, on the clock of the machine; undefined if not within the limit. */
  async firstSeen(sights: readonly Sight[], limitMs: number): Promise<number | undefined> {
    try {
      const look = `(${SEEN})(${asked(sights)}) && Date.now()`;
      const seen = await this.#page.waitForFunction(look, undefined, { polling: 'raf', timeout: limitMs });
      return Number(await seen.jsonValue());
    } catch (error) {
      if (error instanceof errors.TimeoutError) return undefined;
      throw error;
    }
  }
}

function asked(sights: readonly Sight[]): string {
  return JSON.stringify(sights.map(({ on, says, count }) => ({ on, source: says.source, count: count ?? null })));
}
