import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import * as z from 'zod/mini';
import { resultsFolder } from '../../workbench/launch.ts';

/** Runs in the page, whose types differ from those of the tests. Looks at the rows after each paint. */
const WATCH = `
  const mine = (globalThis.commandToRow = { pressedAt: 0, seenAt: 0 });
  const pressed = () => { if (mine.seenAt === 0) mine.pressedAt = Date.now(); };
  addEventListener('keydown', pressed, true);
  addEventListener('mousedown', pressed, true);
  const pattern = new RegExp(PATTERN);
  const look = () => {
    if (commandToRow !== mine) return;
    const rows = [...document.querySelectorAll('.sidebar .monaco-list-row')];
    const names = rows.map((row) => row.getAttribute('aria-label') ?? '');
    if (names.filter((name) => pattern.test(name)).length === COUNT && mine.pressedAt > 0) mine.seenAt = Date.now();
    else requestAnimationFrame(look);
  };
  look();`;

/** Longer than the slowest refresh, so that a bad time is measured instead of timing out. */
const PATIENCE_MS = 100_000;

const Times = z.object({ pressedAt: z.number(), seenAt: z.number() });

/** The row that a command should bring. */
export interface Expected {
  /** Matches the accessible name of the row. */
  readonly row: RegExp;
  /** How many rows match afterwards. */
  readonly count?: number;
}

/** Measures how long a row takes to show what a command did: from the last key or click of the command to the paint. */
export class CommandToRow {
  readonly #page: Page;
  readonly #measured: { readonly what: string; readonly ms: number }[] = [];

  constructor(page: Page) {
    this.#page = page;
  }

  /** As in `Start Task took 15100 ms`. */
  slowerThan(limitMs: number): readonly string[] {
    return this.#measured.flatMap(({ what, ms }) => (ms > limitMs ? `${what} took ${ms} ms` : []));
  }

  async measure(what: string, { row, count = 1 }: Expected, command: () => Promise<void>): Promise<void> {
    await this.#page.evaluate(
      `{${WATCH.replace('PATTERN', JSON.stringify(row.source)).replace('COUNT', String(count))}}`,
    );
    await command();
    await this.#page.waitForFunction('commandToRow.seenAt > 0', undefined, { timeout: PATIENCE_MS });
    const { pressedAt, seenAt } = Times.parse(await this.#page.evaluate('commandToRow'));
    this.#measured.push({ what, ms: seenAt - pressedAt });
  }

  /** Prints the figures, and keeps them among the results. */
  report(name: string): void {
    for (const { what, ms } of this.#measured) process.stdout.write(`      ${String(ms).padStart(6)} ms  ${what}\n`);
    mkdirSync(resultsFolder, { recursive: true });
    writeFileSync(join(resultsFolder, `${name}.json`), `${JSON.stringify(this.#measured, undefined, 2)}\n`);
  }
}
