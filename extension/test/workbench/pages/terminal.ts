import type { Locator, Page } from 'playwright-core';
import { CommandPalette } from './command-palette.ts';

/** The terminals in the panel. What they show can be read while `terminal.integrated.gpuAcceleration` is off. */
export class Terminal {
  readonly #page: Page;
  /** The lines of the visible terminal. */
  readonly screen: Locator;
  /** One tab for each terminal, where there are several. */
  readonly tabs: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.screen = page.locator('.terminal-wrapper.active .xterm-rows');
    this.tabs = page.locator('.terminal-tabs-entry');
  }

  /** Opens a terminal, and waits for the prompt of its shell. */
  async open(): Promise<void> {
    await new CommandPalette(this.#page).run('Terminal: Create New Terminal');
    await this.untilShown(/[#$] *$/m);
  }

  /** Types a command into the visible terminal. */
  async run(command: string): Promise<void> {
    await this.#page.locator('.terminal-wrapper.active .xterm-helper-textarea').focus();
    await this.#page.keyboard.type(command);
    await this.#page.keyboard.press('Enter');
  }

  async untilShown(text: string | RegExp): Promise<void> {
    await this.screen.filter({ hasText: text }).waitFor();
  }
}
