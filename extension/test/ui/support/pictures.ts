import type { LaunchedWorkbench } from '../../workbench/launch.ts';

/** Keeps a picture of every stage, numbered in their order, in the dark and in the light theme. */
export class Pictures {
  readonly #launched: LaunchedWorkbench;
  readonly #story: string;
  #count = 0;

  constructor(launched: LaunchedWorkbench, story: string) {
    this.#launched = launched;
    this.#story = story;
  }

  async take(stage: string): Promise<void> {
    this.#count += 1;
    const name = `${this.#story}-${String(this.#count).padStart(2, '0')}-${stage}`;
    // No tooltip and no hovered row in it.
    await this.#launched.page.mouse.move(800, 300);
    await this.#launched.showTheme('light');
    await this.#launched.screenshot(`${name}-light`);
    await this.#launched.showTheme('dark');
    await this.#launched.screenshot(`${name}-dark`);
  }
}
