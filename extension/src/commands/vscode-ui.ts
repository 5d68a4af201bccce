import * as vscode from 'vscode';
import { systemClock } from '../platform/clock.ts';
import { withoutLinks } from '../platform/plain-text.ts';
import { Cancelled } from './cancelled.ts';
import {
  type Choice,
  type Confirmation,
  choicesFor,
  type Decision,
  type PickQuestion,
  type ProgressWork,
  type TextQuestion,
  type TypedChoice,
  type Ui,
} from './ui.ts';

const NOTE_MS = 5000;
const QUICK_MS = 400;

/** The editor's dialogs. */
export const vscodeUi: Ui = {
  async pick<T>(choices: readonly Choice<T>[], { title, placeholder }: PickQuestion): Promise<T> {
    const options = { title, placeHolder: placeholder, matchOnDescription: true, matchOnDetail: true };
    return answered(await vscode.window.showQuickPick(choices, options)).value;
  },

  async pickOrType<T>(
    choices: readonly Choice<T>[],
    { title, placeholder }: PickQuestion,
    typed: TypedChoice<T>,
  ): Promise<T> {
    type Item = Choice<T> & { readonly alwaysShow: boolean };
    // The editor itself leaves out the choices that the text does not match.
    const itemsFor = (text: string): Item[] =>
      choicesFor(choices, text, typed).map((choice) => ({ ...choice, alwaysShow: !choices.includes(choice) }));
    const picker = vscode.window.createQuickPick<Item>();
    Object.assign(picker, { title, placeholder, matchOnDescription: true, items: itemsFor('') });
    const picked = Promise.withResolvers<Item | undefined>();
    picker.onDidChangeValue((text) => {
      picker.items = itemsFor(text);
    });
    picker.onDidAccept(() => {
      const [item] = picker.selectedItems;
      if (item) picked.resolve(item);
    });
    picker.onDidHide(() => picked.resolve(undefined));
    picker.show();
    try {
      return answered(await picked.promise).value;
    } finally {
      picker.dispose();
    }
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

  async decide<T>({ message, detail, actions }: Decision<T>): Promise<T> {
    const items = actions.map(({ label: title, value }) => ({ title, value }));
    return answered(await vscode.window.showWarningMessage(message, { modal: true, detail }, ...items)).value;
  },

  async progress<T>(title: string, work: ProgressWork<T>): Promise<T> {
    const options = { location: vscode.ProgressLocation.Notification, title: withoutLinks(title), cancellable: true };
    const abort = new AbortController();
    let said: string | undefined;
    let show: ((message: string) => void) | undefined;
    const working = work((message) => {
      said = message;
      show?.(message);
    }, abort.signal);
    // What is done in no time would only flicker.
    if (await isQuick(working)) return working;
    return vscode.window.withProgress(options, async (progress, token) => {
      const listening = token.onCancellationRequested(() => abort.abort());
      show = (message) => progress.report({ message: withoutLinks(message) });
      if (said !== undefined) show(said);
      try {
        return await working;
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

/** Whether it ends, well or not, before anybody would wonder. */
async function isQuick(working: Promise<unknown>): Promise<boolean> {
  const waiting = Promise.withResolvers<boolean>();
  const timer = systemClock.after(QUICK_MS, () => waiting.resolve(false));
  const ended = working.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([ended, waiting.promise]);
  } finally {
    timer.dispose();
  }
}

function answered<T>(answer: T | undefined): T {
  if (answer === undefined) throw new Cancelled();
  return answer;
}
