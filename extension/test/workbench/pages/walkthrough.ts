import type { Locator, Page } from 'playwright-core';

/** The one that is open in an editor. */
export class Walkthrough {
  readonly #page: Page;
  readonly steps: Locator;
  /** What the chosen step shows beside its text. */
  readonly picture: Locator;

  constructor(page: Page) {
    this.#page = page;
    const editor = page.locator('.gettingStartedContainer');
    this.steps = editor.locator('.getting-started-step');
    this.picture = editor.locator('.getting-started-media img');
  }

  step(title: string): Locator {
    return this.steps.filter({ has: this.#page.getByRole('heading', { name: title, exact: true }) });
  }

  async choose(title: string): Promise<void> {
    const step = this.step(title);
    if ((await step.getAttribute('aria-expanded')) !== 'true') await step.getByText(title, { exact: true }).click();
    await step.and(this.#page.locator('[aria-expanded="true"]')).waitFor();
  }

  /** The accessible names of a step's buttons. */
  async buttons(title: string): Promise<string[]> {
    return this.step(title).locator('.button-container').getByRole('button').allInnerTexts();
  }

  async press(title: string, button: string): Promise<void> {
    await this.step(title).getByRole('button', { name: button, exact: true }).click();
  }

  async untilDone(title: string): Promise<void> {
    await this.step(title).getByRole('checkbox', { checked: true }).waitFor();
  }
}
