import { withoutLinks } from '../platform/plain-text.ts';
import type { Notice, Notifier, Severity } from './notifier.ts';

/** Shows a notification of the editor, and resolves with the label that was chosen. */
export type ShowMessage = (message: string, ...labels: string[]) => PromiseLike<string | undefined>;

/** Notifications of the editor. What an action fails with goes to the one who built this. */
export class EditorNotifier implements Notifier {
  readonly #show: Readonly<Record<Severity, ShowMessage>>;
  readonly #onFault: (error: unknown) => void;

  constructor(show: Readonly<Record<Severity, ShowMessage>>, onFault: (error: unknown) => void) {
    this.#show = show;
    this.#onFault = onFault;
  }

  notify(notice: Notice): void {
    this.#tell(notice).catch((error: unknown) => this.#onFault(error));
  }

  async #tell({ severity, message, actions, dismissed }: Notice): Promise<void> {
    const label = await this.#show[severity](withoutLinks(message), ...actions.map((action) => action.label));
    const chosen = actions.find((action) => action.label === label);
    if (chosen) await chosen.run();
    else dismissed?.();
  }
}
