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

/** Runs under a progress notification; the signal aborts when its cancel button is pressed. */
export type ProgressWork<T> = (report: (message: string) => void, signal: AbortSignal) => Promise<T>;

/** How commands talk with the user. Each question rejects with `Cancelled` when it is closed without an answer. */
export interface Ui {
  pick<T>(choices: readonly Choice<T>[], question: PickQuestion): Promise<T>;
  ask(question: TextQuestion): Promise<string>;
  /** Modal: for what cannot be taken back. */
  confirm(confirmation: Confirmation): Promise<void>;
  progress<T>(title: string, work: ProgressWork<T>): Promise<T>;
  /** Shows in the Sessions view that it is at work. */
  inView(work: () => Promise<void>): Promise<void>;
  /** A short word that all went well, where it disturbs nobody. */
  note(message: string): void;
}
