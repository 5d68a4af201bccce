import type { Session } from '@claude-projects/shared/client';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { Emitter } from '../platform/emitter.ts';
import { errorText } from '../platform/error-text.ts';
import type { Log } from '../platform/log.ts';
import { plainText } from '../platform/plain-text.ts';
import type { Random } from '../platform/random.ts';
import { pageDocument } from './page-document.ts';
import type { SessionPage } from './session-page.ts';
import type { PagePanel, SessionPages } from './session-pages.ts';

const VIEW_TYPE = 'claudeProjects.session';
const LONGEST_TITLE = 40;

/** The state that the script of a page keeps across a reload of the window. */
const KeptState = z.object({ sessionId: z.string() });
const Ready = z.object({ ready: z.literal(true) });

export interface VscodeSessionPanelsParts {
  readonly pages: SessionPages;
  /** The folder of the extension. */
  readonly root: vscode.Uri;
  readonly random: Pick<Random, 'uuid'>;
  readonly log: Log;
}

/** Puts the pages of sessions into panels of the editor. */
export class VscodeSessionPanels implements Disposable {
  readonly #parts: VscodeSessionPanelsParts;
  readonly #serializer: vscode.Disposable;

  constructor(parts: VscodeSessionPanelsParts) {
    this.#parts = parts;
    this.#serializer = vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
      deserializeWebviewPanel: async (panel, state: unknown) => {
        const kept = KeptState.safeParse(state);
        if (!kept.success) {
          panel.dispose();
          return;
        }
        panel.webview.options = optionsFor(parts.root);
        await parts.pages.restore(kept.data.sessionId, this.#pagePanel(kept.data.sessionId, panel));
      },
    });
  }

  show(session: Session): void {
    const { pages, root } = this.#parts;
    pages.show(session, () => {
      const options = { ...optionsFor(root), enableFindWidget: true };
      const panel = vscode.window.createWebviewPanel(VIEW_TYPE, '', vscode.ViewColumn.Active, options);
      return this.#pagePanel(session.session_id, panel);
    });
  }

  dispose(): void {
    this.#serializer.dispose();
  }

  #pagePanel(sessionId: string, panel: vscode.WebviewPanel): PagePanel {
    return new VscodePagePanel(sessionId, panel, this.#parts);
  }
}

function optionsFor(root: vscode.Uri): vscode.WebviewOptions {
  const folders = ['media', 'dist'].map((folder) => vscode.Uri.joinPath(root, folder));
  return { enableScripts: true, localResourceRoots: folders };
}

class VscodePagePanel implements PagePanel {
  readonly #sessionId: string;
  readonly #panel: vscode.WebviewPanel;
  readonly #parts: VscodeSessionPanelsParts;
  readonly #owned = new Disposables();
  readonly #received: Emitter<unknown>;
  readonly #closed: Emitter<void>;
  readonly #seen: Emitter<void>;
  #page: SessionPage | undefined;

  constructor(sessionId: string, panel: vscode.WebviewPanel, parts: VscodeSessionPanelsParts) {
    this.#sessionId = sessionId;
    this.#panel = panel;
    this.#parts = parts;
    const onFault = (error: unknown) => parts.log.error(errorText(error));
    this.#received = this.#owned.add(new Emitter(onFault));
    this.#closed = this.#owned.add(new Emitter(onFault));
    this.#seen = this.#owned.add(new Emitter(onFault));
    this.#owned.add(panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)));
    this.#owned.add(panel.onDidChangeViewState(() => this.#seen.fire()));
    this.#owned.add(
      panel.onDidDispose(() => {
        this.#closed.fire();
        this.#owned.dispose();
      }),
    );
  }

  get isVisible(): boolean {
    return this.#panel.visible;
  }

  get onDidReceive() {
    return this.#received.event;
  }

  get onDidClose() {
    return this.#closed.event;
  }

  get onDidChangeVisibility() {
    return this.#seen.event;
  }

  draw(page: SessionPage): void {
    this.#panel.title = plainText(page.title, LONGEST_TITLE);
    const isFirst = this.#page === undefined;
    this.#page = page;
    if (isFirst) this.#panel.webview.html = this.#document(page);
    else this.#send();
  }

  reveal(): void {
    this.#panel.reveal();
  }

  dispose(): void {
    this.#panel.dispose();
  }

  /** A panel that was hidden loads its first document again. Its script then asks for the current sections. */
  #receive(message: unknown): void {
    if (Ready.safeParse(message).success) this.#send();
    else this.#received.fire(message);
  }

  #send(): void {
    if (this.#page && this.#panel.visible) void this.#panel.webview.postMessage({ sections: this.#page.sections });
  }

  #document({ sections, title }: SessionPage): string {
    const { webview } = this.#panel;
    const resource = (path: string) => webview.asWebviewUri(vscode.Uri.joinPath(this.#parts.root, path)).toString();
    return pageDocument(sections, {
      nonce: this.#parts.random.uuid(),
      style: resource('media/session-page.css'),
      script: resource('dist/session-page.js'),
      locale: vscode.env.language,
      title,
      sessionId: this.#sessionId,
    });
  }
}
