import * as z from 'zod/mini';
import { SeenRow } from '../../workbench/pages/sessions-tree.ts';
import { askRunner } from './runner.ts';

/** Somebody at the keyboard. */
export const person = {
  /** Types an answer to the question that is open, or opens next, and presses Enter. */
  answers: (text: string) => askRunner('/answer', text),
  /** What is drawn in the Sessions view. */
  sees: () => rows('/rows'),
  /** The row in whose accessible name these words stand. */
  expands: (name: string) => askRunner('/rows/expand', name),
  /** A second one, with the same folder. */
  opensWindow: () => askRunner('/second-window/open'),
  seesInSecondWindow: () => rows('/second-window/rows'),
  closesWindow: () => askRunner('/second-window/close'),
};

async function rows(path: string): Promise<readonly SeenRow[]> {
  return z.array(SeenRow).parse(JSON.parse(await askRunner(path)));
}

/** Skips the test, by name, where the runner cannot reach the keyboard. */
export function needsPerson(test: Mocha.Context): void {
  if (!process.env['TEST_HANDS']) test.skip();
}
