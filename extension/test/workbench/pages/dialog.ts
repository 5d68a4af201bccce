import type { Locator, Page } from 'playwright-core';

/** A question in the middle of the window, which must be answered before anything else. */
export class Dialog {
  readonly box: Locator;
  readonly message: Locator;
  readonly detail: Locator;

  constructor(page: Page) {
    this.box = page.locator('.monaco-dialog-box');
    this.message = this.box.locator('.dialog-message-text');
    this.detail = this.box.locator('.dialog-message-detail');
  }

  async press(button: string): Promise<void> {
    await this.box.getByRole('button', { name: button, exact: true }).click();
    await this.box.waitFor({ state: 'detached' });
  }
}
