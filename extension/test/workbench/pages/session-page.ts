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
   * With the keyboard. A click takes back the page that it began on, so that it may be tried again, on the page that the
   * first try has opened.
   */
  async follow(name: string): Promise<void> {
    const link = this.link(name);
    await link.focus();
    await link.and(this.focused).waitFor();
    await this.#page.keyboard.press('Enter');
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
