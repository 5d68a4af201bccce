import * as vscode from 'vscode';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import type { StatusBarModel } from './status-bar-model.ts';
import type { StatusText } from './status-text.ts';

const PRIORITY = 50;

const BACKGROUNDS = {
  normal: undefined,
  trouble: undefined,
  warning: new vscode.ThemeColor('statusBarItem.warningBackground'),
  error: new vscode.ThemeColor('statusBarItem.errorBackground'),
} as const;

/** The item in the status bar; a click shows the sessions. */
export class VscodeStatusBar implements Disposable {
  readonly #owned = new Disposables();
  readonly #item: vscode.StatusBarItem;

  constructor(model: Pick<StatusBarModel, 'current' | 'onDidChange'>) {
    this.#item = this.#owned.add(
      vscode.window.createStatusBarItem('claudeProjects.status', vscode.StatusBarAlignment.Left, PRIORITY),
    );
    this.#item.name = vscode.l10n.t('Claude Projects');
    this.#item.command = 'claudeProjects.sessions.focus';
    this.#owned.add(model.onDidChange((status) => this.#show(status)));
    this.#show(model.current);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #show(status: StatusText | undefined): void {
    if (status === undefined) {
      this.#item.hide();
      return;
    }
    this.#item.text = status.text;
    this.#item.tooltip = status.tooltip;
    this.#item.accessibilityInformation = { label: status.spoken };
    this.#item.backgroundColor = BACKGROUNDS[status.severity];
    this.#item.show();
  }
}
