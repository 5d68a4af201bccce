import type { Locator, Page } from 'playwright-core';
import { startsWithWords } from './names.ts';

export class ActivityBar {
  readonly #bar: Locator;

  constructor(page: Page) {
    this.#bar = page.locator('.activitybar .action-item');
  }

  /** The entry of a view container, by its title. */
  entry(title: string): Locator {
    return this.#bar.filter({ has: this.#bar.page().locator('.action-label').and(this.#labelled(title)) });
  }

  /** The number on the entry. */
  badge(title: string): Locator {
    return this.entry(title).locator('.badge-content:visible');
  }

  /** The entry when it is read aloud, its badge included. */
  named(name: string): Locator {
    return this.#bar.locator('.action-label').and(this.#bar.page().getByLabel(name, { exact: true }));
  }

  /** Shows the container, and leaves it alone if it is shown. */
  async open(title: string): Promise<void> {
    const entry = this.entry(title);
    const shown = this.shown(title);
    await entry.waitFor();
    // Its badge lies above its icon.
    if ((await shown.count()) === 0) await entry.click();
    await shown.waitFor();
  }

  /** The entry, if its container is the one in the side bar. */
  shown(title: string): Locator {
    return this.entry(title).and(this.#bar.page().locator('.checked'));
  }

  #labelled(title: string): Locator {
    return this.#bar.page().getByLabel(startsWithWords(title));
  }
}
