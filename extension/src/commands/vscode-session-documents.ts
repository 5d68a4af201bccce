import type { Session, Task } from '@claude-projects/shared/contract';
import * as vscode from 'vscode';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import type { Localize } from '../platform/localize.ts';
import { sessionDocument } from './session-document.ts';

const SCHEME = 'claude-projects';

/** Shows sessions as read-only documents of the editor. */
export class VscodeSessionDocuments implements Disposable {
  readonly #localize: Localize;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<vscode.Uri>());
  readonly #texts = new Map<string, string>();

  constructor(localize: Localize) {
    this.#localize = localize;
    this.#owned.add(
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
        onDidChange: this.#changed.event,
        // After a reload of the window nothing is known of a document that is still open.
        provideTextDocumentContent: (uri) =>
          this.#texts.get(uri.toString()) ?? localize('Run “Claude Projects: Show Session Details” to see it again.'),
      }),
    );
    this.#owned.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())));
  }

  async show(session: Session, tasks: readonly Task[]): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${session.session_id}.md` });
    this.#texts.set(uri.toString(), sessionDocument(session, tasks, this.#localize));
    this.#changed.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
