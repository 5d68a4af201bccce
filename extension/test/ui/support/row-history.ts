import type { Page } from 'playwright-core';

/** In the page, whose types are not those of the tests. */
const WATCH = `
  globalThis.rowHistory = [];
  const note = (node) => {
    const name = node.matches?.('.monaco-list-row') && node.getAttribute('aria-label');
    if (name) rowHistory.push(name);
    for (const child of node.children ?? []) note(child);
  };
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) [target, ...addedNodes].forEach(note);
  }).observe(document.querySelector('.sidebar'), {
    subtree: true, childList: true, attributes: true, attributeFilter: ['aria-label'],
  });`;

/** Every name that a row of the side bar has: what lasts a second is not missed by a test that looks too late. */
export class RowHistory {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async begin(): Promise<void> {
    await this.#page.evaluate(WATCH);
  }

  /** What the pattern's first group catches in them, in order and each turn once. */
  async turns(pattern: RegExp): Promise<readonly string[]> {
    const names: unknown = await this.#page.evaluate('rowHistory');
    if (!Array.isArray(names)) throw new Error('Nothing was watched.');
    const caught = names.flatMap((name) => pattern.exec(String(name))?.[1] ?? []);
    return caught.filter((turn, index) => turn !== caught[index - 1]);
  }
}
