import * as vscode from 'vscode';
import type { Notice, Notifier } from './notifier.ts';

const SHOW = {
  info: vscode.window.showInformationMessage,
  warning: vscode.window.showWarningMessage,
  error: vscode.window.showErrorMessage,
} as const;

/** Notifications of the editor. What an action fails with goes to the one who built this. */
export class VscodeNotifier implements Notifier {
  readonly #onFault: (error: unknown) => void;

  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault;
  }

  notify(notice: Notice): void {
    this.#show(notice).catch((error: unknown) => this.#onFault(error));
  }

  async #show({ severity, message, actions, dismissed }: Notice): Promise<void> {
    const label = await SHOW[severity](message, ...actions.map((action) => action.label));
    const chosen = actions.find((action) => action.label === label);
    if (chosen) await chosen.run();
    else dismissed?.();
  }
}
