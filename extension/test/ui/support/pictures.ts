import { globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { type LaunchedWorkbench, resultsFolder } from '../../workbench/launch.ts';

/** Keeps a picture of every stage of a story, numbered in their order, in the dark, the light and the high-contrast theme. */
export class Pictures {
  readonly #launched: LaunchedWorkbench;
  readonly #story: string;
  #count = 0;

  constructor(launched: LaunchedWorkbench, story: string) {
    this.#launched = launched;
    this.#story = story;
    // Those of an earlier run, whose stages may have had other names.
    for (const old of globSync(join(resultsFolder, 'screenshots', `${story}-*.png`))) rmSync(old);
  }

  /** The mouse is away from everything, or over `under` until there is a hint. */
  async take(stage: string, under?: Locator): Promise<void> {
    this.#count += 1;
    const name = `${this.#story}-${String(this.#count).padStart(2, '0')}-${stage}`;
    await this.#look(under);
    // First as it is: what goes on by itself may be past when the window has another theme.
    await this.#launched.screenshot(`${name}-dark`);
    for (const theme of ['light', 'contrast'] as const) {
      await this.#launched.showTheme(theme);
      if (under !== undefined) await this.#look(under);
      await this.#launched.screenshot(`${name}-${theme}`);
    }
    await this.#launched.showTheme('dark');
  }

  async #look(at: Locator | undefined): Promise<void> {
    const { page } = this.#launched;
    const hint = page.locator('.workbench-hover:visible');
    const editor = await page.locator('.part.editor').boundingBox();
    if (editor === null) throw new Error('The window has no place for editors.');
    await page.mouse.move(editor.x + editor.width / 2, editor.y + editor.height / 3, { steps: 2 });
    await hint.waitFor({ state: 'hidden' });
    if (at === undefined) return;
    await at.hover();
    await hint.waitFor();
  }
}
