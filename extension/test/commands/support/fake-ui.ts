import assert from 'node:assert/strict';
import { Cancelled } from '../../../src/commands/cancelled.ts';
import type { Choice, Confirmation, PickQuestion, ProgressWork, TextQuestion, Ui } from '../../../src/commands/ui.ts';
import type { Notice, Notifier } from '../../../src/notifications/notifier.ts';

/** Closes the question without an answer. */
export const CLOSES = Symbol('closes the question');

/** Answers in the order in which a test gave the answers; a question that no test foresaw fails. */
export class FakeUi implements Ui {
  /** Labels to pick, texts to enter, actions to confirm. */
  readonly answers: (string | typeof CLOSES)[] = [];
  readonly asked: string[] = [];
  readonly offered: string[][] = [];
  /** What stood beside the labels. */
  readonly beside: string[] = [];
  /** All that was written into the last list to pick from. */
  shown = '';
  readonly details: string[] = [];
  readonly notes: string[] = [];
  readonly progressed: string[] = [];
  /** Runs in the middle of a progress, as the user who presses a button meanwhile. */
  duringProgress: (abort: AbortController) => void = () => undefined;

  async pick<T>(choices: readonly Choice<T>[], { title }: PickQuestion): Promise<T> {
    this.offered.push(choices.map(({ label }) => label));
    this.beside.push(...choices.flatMap(({ description = [], detail = [] }) => [description, detail].flat()));
    this.shown = choices.map(({ label, description, detail }) => [label, description, detail].join(' | ')).join('\n');
    const label = this.#answer(title);
    const chosen = choices.find((choice) => choice.label === label);
    assert.ok(chosen, `${title} offers no “${label}”`);
    return chosen.value;
  }

  async ask({ title, problem }: TextQuestion): Promise<string> {
    const text = this.#answer(title);
    assert.equal(problem?.(text), undefined, `${title} does not take “${text}”`);
    return text;
  }

  async confirm({ message, detail, action }: Confirmation): Promise<void> {
    this.details.push(detail);
    assert.equal(this.#answer(message), action);
  }

  async progress<T>(title: string, work: ProgressWork<T>): Promise<T> {
    this.progressed.push(title);
    const abort = new AbortController();
    this.duringProgress(abort);
    return work(() => undefined, abort.signal);
  }

  async inView(work: () => Promise<void>): Promise<void> {
    this.progressed.push('in the view');
    await work();
  }

  note(message: string): void {
    this.notes.push(message);
  }

  #answer(question: string): string {
    this.asked.push(question);
    const answer = this.answers.shift();
    assert.notEqual(answer, undefined, `No test foresaw the question “${question}”`);
    if (typeof answer !== 'string') throw new Cancelled();
    return answer;
  }
}

export class FakeNotifier implements Notifier {
  readonly notices: Notice[] = [];

  notify(notice: Notice): void {
    this.notices.push(notice);
  }

  get messages(): readonly string[] {
    return this.notices.map(({ message }) => message);
  }

  get last(): Notice {
    const notice = this.notices.at(-1);
    assert.ok(notice, 'nothing was told');
    return notice;
  }

  labels(): readonly string[] {
    return this.last.actions.map(({ label }) => label);
  }

  /** Presses a button of the last notice. */
  async press(label: string): Promise<void> {
    const action = this.last.actions.find((action) => action.label === label);
    assert.ok(action, `“${this.last.message}” has no “${label}”`);
    await action.run();
  }
}
