import * as vscode from 'vscode';
import { Cancelled } from './cancelled.ts';
import type { Choice, Confirmation, PickQuestion, ProgressWork, TextQuestion, Ui } from './ui.ts';

const NOTE_MS = 5000;

/** The editor's dialogs. */
export const vscodeUi: Ui = {
  async pick<T>(choices: readonly Choice<T>[], { title, placeholder }: PickQuestion): Promise<T> {
    const options = { title, placeHolder: placeholder, matchOnDescription: true, matchOnDetail: true };
    return answered(await vscode.window.showQuickPick(choices, options)).value;
  },

  async ask({ title, prompt, placeholder, value, secret = false, problem }: TextQuestion): Promise<string> {
    const answer = await vscode.window.showInputBox({
      title,
      prompt,
      password: secret,
      ignoreFocusOut: secret,
      ...(placeholder === undefined ? {} : { placeHolder: placeholder }),
      ...(value === undefined ? {} : { value }),
      ...(problem === undefined ? {} : { validateInput: problem }),
    });
    return answered(answer);
  },

  async confirm({ message, detail, action }: Confirmation): Promise<void> {
    answered(await vscode.window.showWarningMessage(message, { modal: true, detail }, action));
  },

  async progress<T>(title: string, work: ProgressWork<T>): Promise<T> {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    return vscode.window.withProgress(options, async (progress, token) => {
      const abort = new AbortController();
      const listening = token.onCancellationRequested(() => abort.abort());
      try {
        return await work((message) => progress.report({ message }), abort.signal);
      } finally {
        listening.dispose();
      }
    });
  },

  async inView(work: () => Promise<void>): Promise<void> {
    await vscode.window.withProgress({ location: { viewId: 'claudeProjects.sessions' } }, work);
  },

  note(message: string): void {
    vscode.window.setStatusBarMessage(message, NOTE_MS);
  },
};

function answered<T>(answer: T | undefined): T {
  if (answer === undefined) throw new Cancelled();
  return answer;
}
