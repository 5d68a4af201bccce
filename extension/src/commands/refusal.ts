/** Something to do about a failure: a command of ours or of the editor. */
export interface NextStep {
  readonly label: string;
  readonly command: string;
  readonly args?: readonly unknown[];
}

/** What was asked for cannot be done; the message says, in the user's language, why and what to do next. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly steps: readonly NextStep[];

  constructor(message: string, steps: readonly NextStep[] = []) {
    super(message);
    this.steps = steps;
  }
}
