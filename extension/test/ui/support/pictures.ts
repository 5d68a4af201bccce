import { globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type LaunchedWorkbench, resultsFolder } from '../../workbench/launch.ts';

/** Keeps a picture of every stage of a story, numbered in their order, in the dark and in the light theme. */
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

  async take(stage: string): Promise<void> {
    this.#count += 1;
    const name = `${this.#story}-${String(this.#count).padStart(2, '0')}-${stage}`;
    await this.#lookAway();
    // First as it is: what goes on by itself may be past when the window has another theme.
    await this.#launched.screenshot(`${name}-dark`);
    await this.#launched.showTheme('light');
    await this.#launched.screenshot(`${name}-light`);
    await this.#launched.showTheme('dark');
  }

  /** So that no row looks hovered, and no hint covers anything. */
  async #lookAway(): Promise<void> {
    const { page } = this.#launched;
    const editor = await page.locator('.part.editor').boundingBox();
    if (editor === null) throw new Error('The window has no place for editors.');
    await page.mouse.move(editor.x + editor.width / 2, editor.y + editor.height / 3, { steps: 2 });
    await page.locator('.workbench-hover:visible').waitFor({ state: 'hidden' });
  }
}
