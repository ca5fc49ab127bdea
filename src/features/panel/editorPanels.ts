import {
  Uri as Address,
  commands,
  Disposable,
  type Uri,
  ViewColumn,
  type WebviewPanel,
  type WebviewPanelSerializer,
  window,
} from "vscode";
import { nameOf } from "../../sources/nameOf.ts";
import type { SourceDocuments } from "../../sources/sourceDocuments.ts";
import { pageHtml, pageOptions } from "./page.ts";
import { type ControllerParts, PanelController } from "./panelController.ts";
import { restoredState } from "./restoredState.ts";
import { restoreSession } from "./restoreSession.ts";
import type { PanelSession } from "./session.ts";

const viewType = "attentionLoupe.panel";

interface Open {
  readonly panel: WebviewPanel;
  readonly session: PanelSession;
}

/** Panels in the editor area, each with a session of its own. They come back with the window. */
export class EditorPanels implements WebviewPanelSerializer, Disposable {
  readonly #extension: Uri;
  readonly #parts: ControllerParts;
  readonly #newSession: () => PanelSession;
  readonly #documents: SourceDocuments;
  readonly #open = new Set<Open>();
  readonly #serializer: Disposable;

  constructor(extension: Uri, newSession: () => PanelSession, parts: ControllerParts, documents: SourceDocuments) {
    this.#documents = documents;
    this.#extension = extension;
    this.#parts = parts;
    this.#newSession = newSession;
    this.#serializer = window.registerWebviewPanelSerializer(viewType, this);
  }

  /** The panel that has the focus, else one that can be seen. */
  get current(): PanelSession | null {
    return this.focused ?? [...this.#open].find(({ panel }) => panel.visible)?.session ?? null;
  }

  get focused(): PanelSession | null {
    return [...this.#open].find(({ panel }) => panel.active)?.session ?? null;
  }

  get sessions(): readonly PanelSession[] {
    return [...this.#open].map(({ session }) => session);
  }

  /** @param uri what it will be about, as its tab says at once. */
  create(uri: string | null): PanelSession {
    const title = this.#titleFor(uri);
    const panel = window.createWebviewPanel(viewType, title, ViewColumn.Beside, pageOptions(this.#extension));
    return this.#attach(panel);
  }

  async deserializeWebviewPanel(panel: WebviewPanel, state: unknown): Promise<void> {
    panel.webview.options = pageOptions(this.#extension);
    const session = this.#attach(panel);
    const restored = restoredState(state);
    if (restored) await restoreSession(session, restored, this.#documents);
    if (session.uri === null) panel.title = this.#titleFor(null);
  }

  dispose(): void {
    this.#serializer.dispose();
    for (const { panel } of this.#open) panel.dispose();
  }

  #attach(panel: WebviewPanel): PanelSession {
    const { translate } = this.#parts;
    const session = this.#newSession();
    const controller = new PanelController(panel.webview, session, this.#parts, async () => panel.reveal());
    const open = { panel, session };
    this.#open.add(open);
    const changed = session.onDidChange(() => this.#named(open));
    panel.iconPath = Address.joinPath(this.#extension, "media", "view.svg");
    panel.onDidChangeViewState(() => this.#stateChanged(open, controller));
    panel.onDidDispose(() => {
      this.#open.delete(open);
      Disposable.from(changed, controller, session).dispose();
    });
    panel.webview.html = pageHtml(panel.webview, this.#extension, translate("Attention"));
    return session;
  }

  #stateChanged(open: Open, controller: PanelController): void {
    if (!open.panel.visible) controller.hidden();
    this.#named(open);
  }

  #titleFor(uri: string | null): string {
    const title = this.#parts.translate("Attention");
    return uri === null ? title : `${title} · ${nameOf(uri)}`;
  }

  #named({ panel, session }: Open): void {
    const { pinned } = session.state;
    const uri = session.state.uri ?? session.uri;
    // Until it knows, a panel that comes back keeps the title that it had.
    if (uri !== null) panel.title = this.#titleFor(uri);
    if (panel.active) void commands.executeCommand("setContext", "attentionLoupe.panelPinned", pinned);
  }
}
