import * as vscode from 'vscode';
import type { Disposable } from '../platform/disposable.ts';

const SCHEME = 'claude-projects-settings';

/** Shows what a settings file would become beside what it is, as documents that are on no disk. */
export class VscodeSettingsPreview implements Disposable {
  readonly #texts = new Map<string, string>();
  #provider: vscode.Disposable | undefined;
  #shown = 0;

  async show(path: string, before: string, after: string, title: string): Promise<{ close(): Promise<void> }> {
    this.#provider ??= vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: (uri) => this.#texts.get(uri.toString()) ?? '',
    });
    this.#shown += 1;
    const [left, right] = ['now', 'then'].map((side) =>
      // With comments, whatever its name says.
      vscode.Uri.from({
        scheme: SCHEME,
        path: `/${path.replaceAll('\\', '/')}.jsonc`,
        query: `${side}-${this.#shown}`,
      }),
    );
    if (!left || !right) return { close: async () => undefined };
    this.#texts.set(left.toString(), before);
    this.#texts.set(right.toString(), after);
    await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: true });
    return {
      close: async () => {
        this.#texts.delete(left.toString());
        this.#texts.delete(right.toString());
        const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
        const ours = tabs.filter(
          ({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.toString() === right.toString(),
        );
        await vscode.window.tabGroups.close(ours);
      },
    };
  }

  dispose(): void {
    this.#provider?.dispose();
  }
}
