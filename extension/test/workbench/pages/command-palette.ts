import { errors, type Locator, type Page } from 'playwright-core';
import { QuickInput } from './quick-input.ts';

const PATIENCE_MS = 30_000;
/** How long one attempt waits. Too short a time costs another attempt and no more. */
const ATTEMPT = { timeout: 500 };
const EFFECT_MS = 5000;

export class CommandPalette {
  readonly #page: Page;
  readonly input: QuickInput;

  constructor(page: Page) {
    this.#page = page;
    this.input = new QuickInput(page);
  }

  /** Opens it and types what to look for. */
  async search(text: string): Promise<void> {
    await persist(`open the command palette for "${text}"`, () => this.#ask(text));
  }

  /** Waits until the command with this title is there, and closes the palette again. */
  async untilListed(title: string): Promise<void> {
    await persist(`find "${title}" in the command palette`, async () => {
      await this.#ask(title);
      await this.input.row(title).first().waitFor(ATTEMPT);
    });
    await this.input.cancel();
  }

  /**
   * Runs the command with exactly this title, its category included. With the Enter key, on the row that has the focus:
   * the list is filtered after each letter and draws its rows anew, so that a click may fall between two of them, and
   * no command runs. It has run when the palette is gone or has made room for what the command asks.
   *
   * With `shown`, what the command brings up is waited for, and the command run again if that does not come: a window
   * that has just opened may take the focus at the very moment of the key. Only for what does no harm if it runs twice.
   */
  async run(title: string, shown?: Locator): Promise<void> {
    await persist(`run "${title}"`, async () => {
      await this.#ask(title);
      const focused = this.input.row(title).and(this.#page.locator('.focused'));
      await focused.waitFor(ATTEMPT);
      await this.input.field.press('Enter', ATTEMPT);
      // The palette goes before the command runs. If it stays so long, the key was lost.
      await focused.waitFor({ state: 'hidden', timeout: EFFECT_MS });
      await shown?.waitFor({ timeout: EFFECT_MS });
    });
  }

  /** Opens it where it is closed: the window takes the focus, and with it the palette, while it is still starting. */
  async #ask(text: string): Promise<void> {
    if (!(await this.input.field.isVisible())) await this.#page.keyboard.press('F1');
    // The list does not follow what extensions add while it is open, so the question is asked anew.
    await this.input.field.fill('>', ATTEMPT);
    await this.input.field.fill(`>${text}`, ATTEMPT);
  }
}

async function persist(purpose: string, attempt: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof errors.TimeoutError)) throw error;
      if (Date.now() > deadline)
        throw new Error(`Could not ${purpose} within ${PATIENCE_MS / 1000} s.`, { cause: error });
    }
  }
}
