import type { Locator, Page } from 'playwright-core';
import { CommandPalette } from './command-palette.ts';

/** The toasts at the bottom right. */
export class Notifications {
  readonly toasts: Locator;
  readonly #palette: CommandPalette;

  constructor(page: Page) {
    this.#palette = new CommandPalette(page);
    this.toasts = page.locator('.notifications-toasts .notification-list-item');
  }

  toast(text: string | RegExp): Locator {
    return this.toasts.filter({
      has: this.toasts.page().locator('.notification-list-item-message', { hasText: text }),
    });
  }

  button(text: string | RegExp, name: string): Locator {
    return this.toast(text).getByRole('button', { name, exact: true });
  }

  async press(text: string | RegExp, button: string): Promise<void> {
    await this.button(text, button).click();
  }

  /** One by one would race with those that hide by themselves. */
  async dismissAll(): Promise<void> {
    await this.#palette.run('Notifications: Clear All Notifications');
    await this.toasts.first().waitFor({ state: 'detached' });
  }

  async dismiss(text: string | RegExp): Promise<void> {
    const toast = this.toast(text);
    await toast.hover();
    await toast.locator('.codicon-notifications-clear').click();
    await toast.waitFor({ state: 'detached' });
  }
}
