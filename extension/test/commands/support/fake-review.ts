import assert from 'node:assert/strict';
import type { SettingsChange, SettingsReview } from '../../../src/commands/settings-review.ts';
import type { FakeUi } from './fake-ui.ts';

/** Asks the person of a test, who answers with the label of the button. */
export class FakeReview implements SettingsReview {
  readonly shown: Omit<SettingsChange, 'explanation'>[] = [];
  readonly answers: boolean[] = [];
  readonly #ui: FakeUi;

  constructor(ui: FakeUi) {
    this.#ui = ui;
  }

  async ask({ explanation, ...change }: SettingsChange): Promise<void> {
    this.shown.push(change);
    const action = change.direction === 'connect' ? 'Connect' : 'Disconnect';
    assert.match(explanation, new RegExp(`choose \\[${action}\\]\\(command:claudeProjects\\.confirm${action}ion\\)`));
    await this.#ui.confirm({ message: explanation, detail: change.title, action });
  }

  answer(accepted: boolean): void {
    this.answers.push(accepted);
  }
}
