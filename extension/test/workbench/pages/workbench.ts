import type { Locator, Page } from 'playwright-core';
import { ActivityBar } from './activity-bar.ts';
import { CommandPalette } from './command-palette.ts';
import { Comparison } from './comparison.ts';
import { ContextMenu } from './context-menu.ts';
import { Dialog } from './dialog.ts';
import { Notifications } from './notifications.ts';
import { QuickInput } from './quick-input.ts';
import { SessionsTree } from './sessions-tree.ts';
import { StatusBar } from './status-bar.ts';
import { Terminal } from './terminal.ts';
import { Walkthrough } from './walkthrough.ts';

const MOST_STEPS = 30;

/** The window by its parts, as a person names them. */
export class Workbench {
  readonly activityBar: ActivityBar;
  readonly palette: CommandPalette;
  readonly quickInput: QuickInput;
  readonly sessions: SessionsTree;
  readonly notifications: Notifications;
  readonly statusBar: StatusBar;
  /** A question that stands in the middle of the window. */
  readonly dialog: Dialog;
  readonly menu: ContextMenu;
  readonly walkthrough: Walkthrough;
  readonly terminal: Terminal;
  readonly comparison: Comparison;
  /** The panel below the editors, with an output channel in it. */
  readonly output: Locator;

  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.activityBar = new ActivityBar(page);
    this.palette = new CommandPalette(page);
    this.quickInput = new QuickInput(page);
    this.sessions = new SessionsTree(page);
    this.notifications = new Notifications(page);
    this.statusBar = new StatusBar(page);
    this.menu = new ContextMenu(page);
    this.dialog = new Dialog(page);
    this.walkthrough = new Walkthrough(page);
    this.terminal = new Terminal(page);
    this.comparison = new Comparison(page);
    this.output = page.locator('.part.panel .output-view');
  }

  /** Drags the edge of the side bar. */
  async setSideBarWidth(width: number): Promise<void> {
    const bar = await this.#page.locator('.part.sidebar').boundingBox();
    if (bar === null) throw new Error('The window has no side bar.');
    const y = bar.y + bar.height / 2;
    await this.#page.mouse.move(bar.x + bar.width, y);
    await this.#page.mouse.down();
    await this.#page.mouse.move(bar.x + width, y, { steps: 4 });
    await this.#page.mouse.up();
  }

  /** Whatever has the focus gets these, one after the other. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.#page.keyboard.press(key);
  }

  /** Letter by letter. */
  async write(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
  }

  /** As a person does who goes on until the right thing has the focus. */
  async pressUntil(key: string, focused: Locator): Promise<void> {
    for (let step = 0; step < MOST_STEPS; step += 1) {
      if ((await focused.count()) > 0) return;
      await this.#page.keyboard.press(key);
    }
    throw new Error(`${MOST_STEPS} times ${key} do not lead to ${String(focused)}.`);
  }

  /** Waits until the output panel shows this channel. */
  async untilOutputOf(channel: string): Promise<void> {
    const chosen = this.#page.locator('.part.panel .title-actions select option:checked', { hasText: channel });
    await this.output.waitFor();
    await chosen.waitFor({ state: 'attached' });
  }
}
