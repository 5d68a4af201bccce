import type { Locator, Page } from 'playwright-core';

const MOST_ITEMS = 30;

/** The menu that is open. */
export class ContextMenu {
  readonly #page: Page;
  readonly #items: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#items = page.locator('.monaco-menu').getByRole('menuitem');
  }

  async untilOpen(): Promise<void> {
    await this.#items.first().waitFor();
  }

  async items(): Promise<string[]> {
    return this.#items.allInnerTexts();
  }

  /** Goes down to an item as the arrow keys do. */
  async focus(name: string): Promise<void> {
    const wanted = this.#page.locator('.monaco-menu .action-item.focused').filter({ hasText: name });
    for (let step = 0; step < MOST_ITEMS; step += 1) {
      if ((await wanted.count()) > 0) return;
      await this.#page.keyboard.press('ArrowDown');
    }
    throw new Error(`The menu has no "${name}".`);
  }
}
