import type { FrameLocator, Locator, Page } from 'playwright-core';

/** The page of a session that is in front, in a frame within a frame. */
export class SessionPageView {
  readonly #page: Page;
  readonly #frame: FrameLocator;
  readonly main: Locator;
  readonly status: Locator;
  readonly focused: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#frame = page.frameLocator('iframe.webview.ready:visible').frameLocator('#active-frame');
    this.main = this.#frame.locator('main');
    this.status = this.#frame.locator('#status');
    this.focused = this.#frame.locator(':focus');
  }

  tab(title: string): Locator {
    return this.#page.locator('.tabs-container .tab', { hasText: title });
  }

  heading(name: string): Locator {
    return this.#frame.getByRole('heading', { name, level: 1, exact: true });
  }

  button(name: string): Locator {
    return this.#frame.getByRole('button', { name, exact: true });
  }

  link(name: string): Locator {
    return this.#frame.getByRole('link', { name, exact: true });
  }

  /**
   * With the keyboard, because a click may be tried again, on the page that the first try has opened. The editor now and
   * then keeps the page in front from which another one was opened: then once more.
   */
  async follow(name: string, state: string): Promise<void> {
    const arrived = this.status.filter({ hasText: state });
    for (let tries = 3; tries > 0; tries -= 1) {
      const link = this.link(name);
      await link.focus();
      await link.and(this.focused).waitFor();
      await this.#page.keyboard.press('Enter');
      const isThere = await arrived.waitFor({ timeout: tries > 1 ? 5000 : 30_000 }).then(
        () => true,
        () => false,
      );
      if (isThere) return;
    }
    throw new Error(`The link ${name} does not lead to what is ${state}.`);
  }

  task(name: string): Locator {
    return this.#frame.getByRole('listitem').filter({ hasText: name });
  }

  text(): Promise<string> {
    return this.main.innerText();
  }

  /** How many pixels the content is wider than the page. */
  async overflow(): Promise<number> {
    return Number(await this.main.evaluate('Math.max(0, document.documentElement.scrollWidth - window.innerWidth)'));
  }
}
