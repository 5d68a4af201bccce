import * as vscode from 'vscode';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { Cancelled } from './cancelled.ts';
import { comparisonUri, REVIEW_SCHEME, type SettingsChange, type SettingsReview } from './settings-review.ts';

const CONTEXT_KEY = 'claudeProjects.settingsReview';

/**
 * Asks with buttons in the title of a comparison, which stays readable. A notification explains the change. It is a
 * progress notification, because the extension can close no other kind.
 */
export class VscodeSettingsReview implements SettingsReview, Disposable {
  readonly #setContext: (key: string, value: unknown) => Thenable<unknown>;
  readonly #owned = new Disposables();
  readonly #texts = new Map<string, string>();
  #answer: ((accepted: boolean) => void) | undefined;
  #asked = 0;

  constructor(setContext: (key: string, value: unknown) => Thenable<unknown>) {
    this.#setContext = setContext;
    // A comparison that is still open after a reload has no question behind it.
    void closeComparisons(() => true);
  }

  async ask(change: SettingsChange): Promise<void> {
    this.answer(false);
    const answered = Promise.withResolvers<boolean>();
    this.#answer = answered.resolve;
    this.#asked += 1;
    const current = vscode.Uri.from(comparisonUri(change.path, `current-${this.#asked}`));
    const proposed = vscode.Uri.from(comparisonUri(change.path, `proposed-${this.#asked}`));
    const isThis = (uri: vscode.Uri) => uri.toString() === proposed.toString();
    const closing = vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
      if (closed.some((tab) => isComparison(tab, isThis))) answered.resolve(false);
    });
    try {
      this.#provide([current, change.before], [proposed, change.after]);
      await this.#setContext(CONTEXT_KEY, change.direction);
      // The next file that is opened would replace a preview, and so end the question.
      await vscode.commands.executeCommand('vscode.diff', current, proposed, change.title, { preview: false });
      if (!(await explained(change.explanation, answered))) throw new Cancelled();
    } finally {
      closing.dispose();
      if (this.#answer === answered.resolve) {
        this.#answer = undefined;
        await this.#setContext(CONTEXT_KEY, undefined);
      }
      await closeComparisons(isThis);
      for (const uri of [current, proposed]) this.#texts.delete(uri.toString());
    }
  }

  answer(accepted: boolean): void {
    this.#answer?.(accepted);
  }

  dispose(): void {
    this.answer(false);
    this.#owned.dispose();
  }

  #provide(...sides: readonly (readonly [vscode.Uri, string])[]): void {
    for (const [uri, text] of sides) this.#texts.set(uri.toString(), text);
    if (this.#asked > 1) return;
    this.#owned.add(
      vscode.workspace.registerTextDocumentContentProvider(REVIEW_SCHEME, {
        provideTextDocumentContent: (uri) => this.#texts.get(uri.toString()),
      }),
    );
  }
}

async function explained(explanation: string, { promise, resolve }: PromiseWithResolvers<boolean>): Promise<boolean> {
  const options = { location: vscode.ProgressLocation.Notification, title: explanation, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    // With an increment the progress bar stands still: nothing happens until the person answers.
    progress.report({ increment: 0 });
    const cancelling = token.onCancellationRequested(() => resolve(false));
    try {
      return await promise;
    } finally {
      cancelling.dispose();
    }
  });
}

function isComparison({ input }: vscode.Tab, fits: (proposed: vscode.Uri) => boolean): boolean {
  return input instanceof vscode.TabInputTextDiff && input.modified.scheme === REVIEW_SCHEME && fits(input.modified);
}

async function closeComparisons(fits: (proposed: vscode.Uri) => boolean): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const ours = tabs.filter((tab) => isComparison(tab, fits));
  if (ours.length > 0) await vscode.window.tabGroups.close(ours);
}
