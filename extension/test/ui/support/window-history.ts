import type { Page } from 'playwright-core';
import * as z from 'zod/mini';

/** In the page, whose types are not those of the tests. It looks whenever something is painted, as a person does. */
const WATCH = `
  const mine = (globalThis.windowHistory = []);
  const look = () => {
    if (windowHistory !== mine) return;
    const all = (selector) => [...document.querySelectorAll(selector)];
    const rows = all('.sidebar .monaco-list-row').map((row) => row.getAttribute('aria-label') ?? '');
    const toasts = all('.notifications-toasts .notification-list-item-message').map((toast) => toast.textContent);
    const now = { rows, toasts };
    if (JSON.stringify(mine.at(-1)) !== JSON.stringify(now)) mine.push(now);
    requestAnimationFrame(look);
  };
  look();`;

const History = z.array(z.object({ rows: z.array(z.string()), toasts: z.array(z.string()) }));

/** What the side bar and the toasts have shown: what lasts a second is not missed by a test that looks too late. */
export class WindowHistory {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** From now on. */
  async begin(): Promise<void> {
    await this.#page.evaluate(`{${WATCH}}`);
  }

  /** The names of the rows, each time that one of them was another. */
  async rows(): Promise<readonly (readonly string[])[]> {
    return (await this.#read()).map(({ rows }) => rows);
  }

  /** What the pattern's first group catches in the names of rows, in order and each turn once. */
  async turns(pattern: RegExp): Promise<readonly string[]> {
    const caught = (await this.rows()).flat().flatMap((name) => pattern.exec(name)?.[1] ?? []);
    return caught.filter((turn, index) => turn !== caught[index - 1]);
  }

  /** Each toast once. */
  async toasts(): Promise<readonly string[]> {
    return [...new Set((await this.#read()).flatMap(({ toasts }) => toasts))];
  }

  async #read(): Promise<z.infer<typeof History>> {
    return History.parse(await this.#page.evaluate('windowHistory'));
  }
}
