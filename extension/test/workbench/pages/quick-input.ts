import { errors, type Locator, type Page } from 'playwright-core';
import { startsWithWords } from './names.ts';

const KEY_MS = 2000;
const KEY_ATTEMPTS = 5;

/** What opens at the top of the window: the command palette, quick picks and input boxes. */
export class QuickInput {
  readonly #page: Page;
  readonly widget: Locator;
  readonly field: Locator;
  readonly rows: Locator;
  /** Why an input box refuses what was typed. */
  readonly message: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.widget = page.locator('.quick-input-widget:visible');
    this.field = this.widget.locator('.quick-input-filter input');
    this.rows = this.widget.locator('.quick-input-list .monaco-list-row');
    this.message = this.widget.locator('.quick-input-message');
  }

  /** The row with this label, whatever description follows it. */
  row(label: string): Locator {
    return this.rows.and(this.#page.getByLabel(startsWithWords(label)));
  }

  async untilOpen(): Promise<void> {
    await this.field.waitFor();
  }

  /** Until it is the one with this title. */
  async untilAsking(title: string): Promise<void> {
    await this.widget.locator('.quick-input-title', { hasText: title }).waitFor();
  }

  async untilClosed(options: { readonly timeout?: number } = {}): Promise<void> {
    await this.widget.waitFor({ state: 'hidden', ...options });
  }

  async type(text: string): Promise<void> {
    await this.field.fill(text);
  }

  async choose(label: string): Promise<void> {
    await this.row(label).first().click();
  }

  async accept(text?: string): Promise<void> {
    if (text !== undefined) await this.type(text);
    await this.field.press('Enter');
  }

  /** Answers the question with this title, for as long as it is there: a menu that closes may take a key. */
  async answer(title: string, text: string): Promise<void> {
    await this.untilAsking(title);
    await this.type(text);
    for (let attempt = 1; ; attempt += 1) {
      await this.field.press('Enter');
      try {
        return await this.untilClosed({ timeout: KEY_MS });
      } catch (error) {
        if (!(error instanceof errors.TimeoutError) || attempt === KEY_ATTEMPTS) throw error;
      }
    }
  }

  async cancel(): Promise<void> {
    await this.field.press('Escape');
    await this.untilClosed();
  }
}
