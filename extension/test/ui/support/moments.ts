import type { Page } from 'playwright-core';
import * as z from 'zod/mini';

const SeenAt = z.record(z.string(), z.number());

/** Runs in the page, whose types differ from those of the tests. Looks after each paint. */
const WATCH = `
  const mine = (globalThis.moments = { seenAt: {} });
  const look = () => {
    if (moments !== mine) return;
    for (const [name, [selector, pattern]] of Object.entries(WANTED)) {
      const texts = [...document.querySelectorAll(selector)].map((found) => found.textContent ?? '');
      if (!(name in mine.seenAt) && texts.some((text) => new RegExp(pattern).test(text))) mine.seenAt[name] = Date.now();
    }
    requestAnimationFrame(look);
  };
  look();`;

export interface Wanted {
  readonly selector: string;
  readonly text: RegExp;
}

/** When parts of the window were first seen to show something. Begins to watch at once. */
export async function watchFor(page: Page, wanted: Readonly<Record<string, Wanted>>): Promise<Moments> {
  const patterns = Object.entries(wanted).map(([name, { selector, text }]) => [name, [selector, text.source]]);
  await page.evaluate(`{${WATCH.replace('WANTED', () => JSON.stringify(Object.fromEntries(patterns)))}}`);
  return new Moments(page, Object.keys(wanted));
}

export class Moments {
  readonly #page: Page;
  readonly #names: readonly string[];

  constructor(page: Page, names: readonly string[]) {
    this.#page = page;
    this.#names = names;
  }

  /** How long after `startedAt` each of them was seen, in milliseconds. Longer than a poll takes, so that it is measured. */
  async since(startedAt: number, timeout = 130_000): Promise<Readonly<Record<string, number>>> {
    const handle = await this.#page.waitForFunction(
      `Object.keys(moments.seenAt).length === ${this.#names.length} && moments.seenAt`,
      undefined,
      { timeout },
    );
    const seenAt: unknown = await handle.jsonValue();
    const ages = Object.entries(SeenAt.parse(seenAt)).map(([name, at]) => [name, at - startedAt] as const);
    return Object.fromEntries(ages);
  }
}
