export interface Choice<T> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly value: T;
}

export interface PickQuestion {
  readonly title: string;
  readonly placeholder: string;
}

/** What a text means that names none of the choices. */
export interface TypedChoice<T> {
  label(text: string): string;
  /** Why it cannot be taken; undefined if it can. */
  problem(text: string): string | undefined;
  value(text: string): T;
}

export interface TextQuestion {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string;
  /** Hides what is typed, and stays open while the user fetches it from another window. */
  readonly secret?: boolean;
  /** Why it cannot be taken; undefined if it can. */
  readonly problem?: (text: string) => string | undefined;
}

export interface Confirmation {
  readonly message: string;
  readonly detail: string;
  /** The label of the button that goes on. */
  readonly action: string;
}

export interface Decision<T> {
  readonly message: string;
  readonly detail: string;
  /** Each a button; the first one is the default. */
  readonly actions: readonly { readonly label: string; readonly value: T }[];
}

/** Runs under a progress notification; the signal aborts when its cancel button is pressed. */
export type ProgressWork<T> = (report: (message: string) => void, signal: AbortSignal) => Promise<T>;

/** How commands talk with the user. Each question rejects with `Cancelled` when it is closed without an answer. */
export interface Ui {
  pick<T>(choices: readonly Choice<T>[], question: PickQuestion): Promise<T>;
  /** As above; a text that names none of the choices becomes one more. */
  pickOrType<T>(choices: readonly Choice<T>[], question: PickQuestion, typed: TypedChoice<T>): Promise<T>;
  ask(question: TextQuestion): Promise<string>;
  /** Modal: for what cannot be taken back. */
  confirm(confirmation: Confirmation): Promise<void>;
  /** Modal, with more than one way to go on. */
  decide<T>(decision: Decision<T>): Promise<T>;
  progress<T>(title: string, work: ProgressWork<T>): Promise<T>;
  /** Shows in the Sessions view that it is at work. */
  inView(work: () => Promise<void>): Promise<void>;
  /** A short word that all went well, where it disturbs nobody. */
  note(message: string): void;
}

/** The choices while `text` is in the field. */
export function choicesFor<T>(
  choices: readonly Choice<T>[],
  text: string,
  typed: TypedChoice<T>,
): readonly Choice<T>[] {
  const name = text.trim();
  if (name === '' || choices.some(({ label }) => label === name)) return choices;
  const problem = typed.problem(name);
  return problem === undefined ? [...choices, { label: typed.label(name), value: typed.value(name) }] : choices;
}
