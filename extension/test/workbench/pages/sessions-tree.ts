import { errors, type Locator, type Page } from 'playwright-core';
import * as z from 'zod/mini';
import { startsWithWords } from './names.ts';

const ACTIONS = '.actions .action-label:visible';
const MENU_MS = 2000;
const MENU_ATTEMPTS = 5;

/** A row as it is drawn. */
export const SeenRow = z.object({
  level: z.int(),
  /** As it is spoken. */
  name: z.string(),
  label: z.string(),
  description: z.string(),
  /** As in `codicon-pass`. */
  icon: z.string(),
  /** The accessible names of its inline buttons. */
  buttons: z.array(z.string()),
});
export type SeenRow = z.output<typeof SeenRow>;

/** As much as is needed of what a page is made of. */
interface Drawn {
  readonly textContent: string | null;
  readonly classList: Iterable<string>;
  getAttribute(name: string): string | null;
  querySelector(selector: string): Drawn | null;
  querySelectorAll(selector: string): Iterable<Drawn>;
}

/** The rows of a tree view, by their accessible names. */
export class SessionsTree {
  readonly #page: Page;
  readonly #titleButtons: Locator;
  readonly pane: Locator;
  readonly rows: Locator;
  /** What is shown instead of rows. */
  readonly welcome: Locator;
  /** The line above the rows. */
  readonly message: Locator;
  /** Its list, if keys go to it. */
  readonly listInFocus: Locator;

  constructor(page: Page, view = 'Sessions') {
    this.#page = page;
    const header = page.locator('.pane-header').and(page.getByLabel(startsWithWords(view)));
    this.pane = page.locator('.sidebar .pane').filter({ has: header });
    // A view that is alone in its container shares one title with it.
    this.#titleButtons = page.locator('.part.sidebar :is(.composite.title, .pane-header) .action-label:visible');
    this.rows = this.pane.locator('.monaco-list-row');
    this.welcome = this.pane.locator('.welcome-view-content:visible');
    this.message = this.pane.locator('.message:visible');
    this.listInFocus = this.pane.locator('.monaco-list:focus');
  }

  /** The row whose accessible name begins so, or matches. */
  row(name: string | RegExp): Locator {
    return this.rows.and(this.#page.getByLabel(typeof name === 'string' ? startsWithWords(name) : name));
  }

  /** The accessible names of the rows that are rendered, from top to bottom. */
  async names(): Promise<string[]> {
    const names = (await this.rows.all()).map((row) => row.getAttribute('aria-label'));
    return (await Promise.all(names)).map((name) => name ?? '');
  }

  /** The rows that are rendered, from top to bottom, as they look at one moment. */
  async seen(): Promise<readonly SeenRow[]> {
    return this.rows.evaluateAll(seenOf);
  }

  /** What is seen of it, from top to bottom: groups, and each session with its state. Tasks are left out. */
  async outline(): Promise<string[]> {
    const names = await this.names();
    return names.flatMap((name) =>
      name.startsWith('Task ') ? [] : name.replace(/^.*?\bSession of ([^.]*\.).*/s, '$1'),
    );
  }

  /** The row with this name, if it is the one that is selected. */
  selected(name: string | RegExp): Locator {
    return this.row(name).and(this.#page.locator('[aria-selected="true"]'));
  }

  /** The row with this name, if it is the one that keys act upon. */
  focused(name: string | RegExp): Locator {
    return this.row(name).and(this.#page.locator('.monaco-list:focus .focused'));
  }

  /** Goes to an end of the list, where this row comes into sight. */
  async scrollTo(row: Locator, end: 'Home' | 'End'): Promise<void> {
    await this.pane.locator('.monaco-list').press(end);
    await row.waitFor();
  }

  /** The accessible names of the buttons in the view's title. */
  async titleActions(): Promise<string[]> {
    const names = (await this.#titleButtons.all()).map((button) => button.getAttribute('aria-label'));
    return (await Promise.all(names)).map((name) => name ?? '');
  }

  async collapse(name: string | RegExp): Promise<void> {
    const row = this.row(name);
    if ((await row.getAttribute('aria-expanded')) === 'true') await row.locator('.monaco-tl-twistie').click();
    await row.and(this.#page.locator('[aria-expanded="false"]')).waitFor();
  }

  async expand(name: string | RegExp): Promise<void> {
    const row = this.row(name);
    if ((await row.getAttribute('aria-expanded')) !== 'true') await row.locator('.monaco-tl-twistie').click();
    await row.and(this.#page.locator('[aria-expanded="true"]')).waitFor();
  }

  /** The accessible names of a row's inline buttons. */
  async actions(name: string | RegExp): Promise<string[]> {
    const row = this.row(name);
    await row.hover();
    const names = (await row.locator(ACTIONS).all()).map((button) => button.getAttribute('aria-label'));
    return (await Promise.all(names)).map((each) => each ?? '');
  }

  /** Presses a row's inline button. */
  async press(name: string | RegExp, action: string): Promise<void> {
    const row = this.row(name);
    await row.hover();
    await row
      .locator(ACTIONS)
      .and(this.#page.getByLabel(startsWithWords(action)))
      .click();
  }

  /** Chooses from a row's context menu, by key: a menu that has just opened ignores the mouse for a moment. */
  async chooseFromMenu(name: string | RegExp, item: string): Promise<void> {
    const choice = this.#page.getByRole('menuitem', { name: item, exact: true });
    // Whatever takes the focus at this moment closes the menu.
    for (let attempt = 1; !(await choice.isVisible()); attempt += 1) {
      await this.row(name).click({ button: 'right' });
      await choice.waitFor({ timeout: MENU_MS }).catch((error: unknown) => {
        if (!(error instanceof errors.TimeoutError) || attempt === MENU_ATTEMPTS) throw error;
      });
    }
    await choice.hover();
    await this.#page.keyboard.press('Enter');
  }

  /** Presses a button in the view's title. */
  async pressInTitle(action: string): Promise<void> {
    await this.#titleButtons.and(this.#page.getByLabel(startsWithWords(action))).click();
  }
}

/** Runs in the page: nothing from outside it is there. */
function seenOf(rows: readonly Drawn[]): SeenRow[] {
  return rows.map((row) => {
    const icon = [...(row.querySelector('.custom-view-tree-node-item-icon')?.classList ?? [])];
    const buttons = [...row.querySelectorAll('.actions .action-label')];
    return {
      level: Number(row.getAttribute('aria-level')),
      name: row.getAttribute('aria-label') ?? '',
      label: row.querySelector('.label-name')?.textContent ?? '',
      description: row.querySelector('.label-description')?.textContent ?? '',
      icon: icon.find((name) => name.startsWith('codicon-')) ?? '',
      buttons: buttons.map((button) => button.getAttribute('aria-label') ?? ''),
    };
  });
}
