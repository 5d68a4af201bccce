import { askRunner } from './runner.ts';

/** Somebody at the keyboard. */
export const person = {
  /** Types an answer to the question that is open, or opens next, and presses Enter. */
  answers: (text: string) => askRunner('/answer', text),
};

/** Skips the test, by name, where the runner cannot reach the keyboard. */
export function needsPerson(test: Mocha.Context): void {
  if (!process.env['TEST_HANDS']) test.skip();
}
