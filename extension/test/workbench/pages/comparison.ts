import type { Locator, Page } from 'playwright-core';

/** The editor that shows two texts side by side. */
export class Comparison {
  readonly #page: Page;
  readonly editor: Locator;
  /** The lines of the right side that are drawn. */
  readonly proposed: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.editor = page.locator('.editor-instance .monaco-diff-editor');
    this.proposed = this.editor.locator('.editor.modified .view-line');
  }

  tab(title: string): Locator {
    return this.#page.locator('.tabs-container .tab', { hasText: title });
  }

  /** A button in the title of the editor, by its text: its accessible name is longer. */
  button(text: string): Locator {
    return this.#page.locator('.editor-group-container .editor-actions').getByText(text, { exact: true });
  }

  async closeTab(title: string): Promise<void> {
    await this.tab(title).locator('.tab-actions .action-label').click();
    await this.tab(title).waitFor({ state: 'detached' });
  }
}
