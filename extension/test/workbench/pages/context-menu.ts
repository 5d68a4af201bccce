import type { Locator, Page } from 'playwright-core';

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

  /** The item, if it is the one that keys act upon. */
  focused(name: string): Locator {
    return this.#page.locator('.monaco-menu .action-item.focused').filter({ hasText: name });
  }
}
