import type { Locator, Page } from 'playwright-core';

export class StatusBar {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Our extension's items. */
  get own(): Locator {
    return this.#page.locator('.statusbar-item[id^="claude-projects.claude-projects"]');
  }

  /** Our item, when it is read aloud. */
  saying(words: string | RegExp): Locator {
    return this.own.filter({ has: this.#page.getByRole('button', { name: words }) });
  }

  /** An item of whatever extension, by the text it shows. */
  item(text: string | RegExp): Locator {
    return this.#page.locator('.statusbar-item', { hasText: text });
  }
}
