// What tests in the extension host cannot do or see themselves: an extension has no keyboard, and cannot look into the view
// of another, nor into another window.
import type { Page } from 'playwright-core';
import type { Actions } from '../workbench/api/control.ts';
import { ActivityBar } from '../workbench/pages/activity-bar.ts';
import { hasWords } from '../workbench/pages/names.ts';
import { QuickInput } from '../workbench/pages/quick-input.ts';
import { SessionsTree } from '../workbench/pages/sessions-tree.ts';

const TESTS = 'extensionTestsPath';

export function handsAt(window: Promise<Page>): Actions {
  let second: Page | undefined;
  const rowsOf = async (page: Page) => JSON.stringify(await new SessionsTree(page).seen());
  return {
    '/answer': async (text) => answerQuestion(await window, text),
    '/rows': async () => rowsOf(await window),
    '/rows/expand': async (name) => new SessionsTree(await window).expand(hasWords(name)),
    '/second-window/open': async () => {
      second = await openSecond(await window);
    },
    '/second-window/rows': async () => {
      if (second === undefined) throw new Error('There is no second window.');
      return rowsOf(second);
    },
    '/second-window/close': async () => {
      // So that it says goodbye: a page that is only closed might come back, and its extension host waits for it.
      await second?.goto('about:blank');
      await second?.close();
      second = undefined;
    },
  };
}

async function answerQuestion(page: Page, text: string): Promise<void> {
  const question = new QuickInput(page);
  await question.untilOpen();
  await question.accept(text);
  await question.untilClosed();
}

/** With the same folder and the same extension, in an extension host of its own; without tests. */
async function openSecond(first: Page): Promise<Page> {
  const url = new URL(first.url());
  const payload: unknown = JSON.parse(url.searchParams.get('payload') ?? '[]');
  const entries: readonly unknown[] = Array.isArray(payload) ? payload : [];
  const others = entries.filter((entry) => !(Array.isArray(entry) && entry[0] === TESTS));
  url.searchParams.set('payload', JSON.stringify(others));
  const page = await first.context().newPage();
  await page.goto(String(url));
  await page.locator('.monaco-workbench .statusbar').waitFor();
  await new ActivityBar(page).open('Claude Projects');
  return page;
}
