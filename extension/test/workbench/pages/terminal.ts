import type { Locator, Page } from 'playwright-core';
import { CommandPalette } from './command-palette.ts';

/** The terminals in the panel. What they show can be read while `terminal.integrated.gpuAcceleration` is off. */
export class Terminal {
  readonly #page: Page;
  /** The lines of the one that is seen. */
  readonly screen: Locator;
  /** One for each that is open, where there are several. */
  readonly tabs: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.screen = page.locator('.terminal-wrapper.active .xterm-rows');
    this.tabs = page.locator('.terminal-tabs-entry');
  }

  /** Opens one, and waits until its shell asks for a command. */
  async open(): Promise<void> {
    await new CommandPalette(this.#page).run('Terminal: Create New Terminal');
    await this.untilShown(/[#$] *$/m);
  }

  /** Types a command into the one that is seen. */
  async run(command: string): Promise<void> {
    await this.#page.locator('.terminal-wrapper.active .xterm-helper-textarea').focus();
    await this.#page.keyboard.type(command);
    await this.#page.keyboard.press('Enter');
  }

  async untilShown(text: string | RegExp): Promise<void> {
    await this.screen.filter({ hasText: text }).waitFor();
  }
}
