import assert from 'node:assert/strict';
import { Cancelled } from '../../../src/commands/cancelled.ts';
import type {
  Choice,
  Confirmation,
  Decision,
  PickQuestion,
  ProgressWork,
  TextQuestion,
  TypedChoice,
  Ui,
} from '../../../src/commands/ui.ts';
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
  /** The buttons of the last question with several. */
  readonly actions: string[][] = [];
  readonly details: string[] = [];
  readonly notes: string[] = [];
  readonly progressed: string[] = [];
  /** Runs in the middle of a progress, as the user who presses a button meanwhile. */
  duringProgress: (abort: AbortController) => void = () => undefined;
  /** Runs while a question with several answers is open. */
  duringQuestion: () => void = () => undefined;

  async pick<T>(choices: readonly Choice<T>[], { title }: PickQuestion): Promise<T> {
    this.#offer(choices);
    const label = this.#answer(title);
    const chosen = choices.find((choice) => choice.label === label);
    assert.ok(chosen, `${title} offers no “${label}”`);
    return chosen.value;
  }

  async pickOrType<T>(choices: readonly Choice<T>[], { title }: PickQuestion, typed: TypedChoice<T>): Promise<T> {
    this.#offer(choices);
    const answer = this.#answer(title);
    const chosen = choices.find((choice) => choice.label === answer);
    if (chosen) return chosen.value;
    assert.equal(typed.problem(answer), undefined, `${title} does not take “${answer}”`);
    this.offered.push([typed.label(answer)]);
    return typed.value(answer);
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

  async decide<T>({ message, detail, actions }: Decision<T>): Promise<T> {
    this.details.push(detail);
    this.actions.push(actions.map(({ label }) => label));
    this.duringQuestion();
    const answer = this.#answer(message);
    const chosen = actions.find(({ label }) => label === answer);
    assert.ok(chosen, `${message} has no “${answer}”`);
    return chosen.value;
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

  #offer(choices: readonly Choice<unknown>[]): void {
    this.offered.push(choices.map(({ label }) => label));
    this.beside.push(...choices.flatMap(({ description = [], detail = [] }) => [description, detail].flat()));
    this.shown = choices.map(({ label, description, detail }) => [label, description, detail].join(' | ')).join('\n');
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
