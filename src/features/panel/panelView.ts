import {
  commands,
  Disposable,
  type Uri,
  type WebviewView,
  type WebviewViewProvider,
  type WebviewViewResolveContext,
  window,
} from "vscode";
import type { ActiveSource } from "../../sources/activeSource.ts";
import type { SourceDocuments } from "../../sources/sourceDocuments.ts";
import type { Translate } from "../../tensor/message.ts";
import { pageHtml, pageOptions } from "./page.ts";
import { type ControllerParts, PanelController } from "./panelController.ts";
import { restoredState } from "./restoredState.ts";
import { restoreSession } from "./restoreSession.ts";
import type { PanelSession } from "./session.ts";

/** The panel in the side bar. Its session outlives its page, which VS Code destroys whenever it is hidden. */
export class PanelView implements WebviewViewProvider, Disposable {
  readonly session: PanelSession;
  readonly #extension: Uri;
  readonly #parts: ControllerParts;
  readonly #translate: Translate;
  readonly #documents: SourceDocuments;
  readonly #source: ActiveSource;
  readonly #subscriptions: Disposable;
  #view: WebviewView | null = null;
  /** No page was open in this window yet: the next one may come from an earlier window. */
  #isFirst = true;
  /** What an earlier window kept, if anything, is back. */
  #isRestored = false;

  constructor(
    session: PanelSession,
    extension: Uri,
    parts: ControllerParts,
    documents: SourceDocuments,
    source: ActiveSource,
  ) {
    this.session = session;
    this.#documents = documents;
    this.#source = source;
    this.#extension = extension;
    this.#parts = parts;
    this.#translate = parts.translate;
    this.#subscriptions = Disposable.from(
      session,
      session.onDidChange(
        () => void commands.executeCommand("setContext", "attentionLoupe.viewPinned", session.state.pinned),
      ),
      window.onDidChangeVisibleTextEditors(() => void this.#lookAround()),
      window.registerWebviewViewProvider("attentionLoupe.view", this),
    );
  }

  get visible(): boolean {
    return this.#view?.visible ?? false;
  }

  async resolveWebviewView(view: WebviewView, { state }: WebviewViewResolveContext): Promise<void> {
    this.#view = view;
    const controller = new PanelController(view.webview, this.session, this.#parts, async () => view.show(false));
    view.onDidChangeVisibility(() => view.visible || controller.hidden());
    view.onDidDispose(() => this.#closed(view, controller));
    view.webview.options = pageOptions(this.#extension);
    view.webview.html = pageHtml(view.webview, this.#extension, this.#translate("Attention"));
    const restored = this.#isFirst ? restoredState(state) : null;
    this.#isFirst = false;
    if (restored) await restoreSession(this.session, restored, this.#documents);
    this.#isRestored = true;
    await this.#lookAround();
  }

  /** Shows the view; the editor keeps the focus. */
  async reveal(): Promise<void> {
    if (this.#view) this.#view.show(true);
    else await commands.executeCommand("attentionLoupe.view.focus", { preserveFocus: true });
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  /** A panel that has nothing to show is about a file that can be seen, though no editor is active. */
  async #lookAround(): Promise<void> {
    if (!this.#isRestored || this.session.uri !== null) return;
    const uri = await this.#source.inSight();
    if (uri !== null && this.session.uri === null) this.session.follow(uri);
  }

  #closed(view: WebviewView, controller: PanelController): void {
    controller.dispose();
    if (this.#view === view) this.#view = null;
  }
}
