export type Severity = 'info' | 'warning' | 'error';

/** What somebody can do about a notice. */
export interface NoticeAction {
  readonly label: string;
  run(): Promise<void> | void;
}

export interface Notice {
  readonly severity: Severity;
  readonly message: string;
  readonly actions: readonly NoticeAction[];
  /** It was closed without an action, or ran out unseen. */
  readonly dismissed?: () => void;
}

/** Who may speak to a person without being asked. Everything else goes to the log and the status bar. */
export interface Notifier {
  /** Returns at once: whoever notifies does not wait for an answer that may never come. */
  notify(notice: Notice): void;
}

/** Runs a command of the editor or of ours. */
export type RunCommand = (command: string, ...args: readonly unknown[]) => Promise<void>;
