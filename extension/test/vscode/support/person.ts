import * as z from 'zod/mini';
import { SeenRow } from '../../workbench/pages/sessions-tree.ts';
import { askRunner } from './runner.ts';

/** Somebody at the keyboard. */
export const person = {
  /** Types an answer to the question that is open, or opens next, and presses Enter. */
  answers: (text: string) => askRunner('/answer', text),
  /** What is drawn in the Sessions view. */
  sees: async (): Promise<readonly SeenRow[]> => z.array(SeenRow).parse(JSON.parse(await askRunner('/rows'))),
  /** The row in whose accessible name these words stand. */
  expands: (name: string) => askRunner('/rows/expand', name),
  /** A second one, with the same folder. */
  opensWindow: () => askRunner('/second-window/open'),
  closesWindow: () => askRunner('/second-window/close'),
};

/** Skips the test, by name, where the runner cannot reach the keyboard. */
export function needsPerson(test: Mocha.Context): void {
  if (!process.env['TEST_HANDS']) test.skip();
}
