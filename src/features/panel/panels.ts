import { Disposable, EventEmitter } from "vscode";
import type { TourPage } from "../../explain/tour/tour.ts";
import type { Choice } from "../../protocol/core.ts";
import { noTrials } from "../../protocol/whatIf.ts";
import type { ActiveSource } from "../../sources/activeSource.ts";
import type { DocumentMirror } from "../../sources/documentMirror.ts";
import { settingsFor } from "../settings.ts";
import { recognised } from "../shapes.ts";
import type { EditorPanels } from "./editorPanels.ts";
import type { PanelView } from "./panelView.ts";
import type { PanelSession } from "./session.ts";

/** All panels: the one in the side bar and those in editors. Those that are not pinned follow the active editor. */
export class Panels implements Disposable {
  readonly #view: PanelView;
  readonly #editors: EditorPanels;
  readonly #source: ActiveSource;
  readonly #mirror: DocumentMirror;
  readonly #subscriptions: Disposable;
  /** Documents that were offered once: `revealOnOpen` is about opening, not about every edit. */
  readonly #seen = new Set<string>();
  readonly #changed = new EventEmitter<void>();
  /** The panel of the side bar shows something else. */
  readonly onDidChange = this.#changed.event;

  constructor(view: PanelView, editors: EditorPanels, source: ActiveSource, mirror: DocumentMirror) {
    this.#view = view;
    this.#editors = editors;
    this.#source = source;
    this.#mirror = mirror;
    this.#subscriptions = Disposable.from(
      this.#changed,
      view.session.onDidChange(() => this.#changed.fire()),
      source.onDidChange((uri) => this.#follow(uri)),
      mirror.onDidClose((uri) => this.#seen.delete(uri.toString())),
    );
    if (source.uri) this.#follow(source.uri);
  }

  /** The panel that the user has in mind: the focused one, one that can be seen, else that of the side bar. */
  get current(): PanelSession {
    return this.#view.visible && !this.#editors.current
      ? this.#view.session
      : (this.#editors.current ?? this.#view.session);
  }

  async reveal(): Promise<void> {
    await this.#view.reveal();
  }

  /** The panel that the user has in mind opens if it cannot be seen. */
  async revealCurrent(): Promise<void> {
    if (this.current === this.#view.session) await this.#view.reveal();
  }

  /** Computes and shows; the panel opens if none can be seen. */
  async show(uri: string, choice: Choice | null): Promise<void> {
    const { current } = this;
    current.tell(null);
    current.show(uri, choice);
    await this.revealCurrent();
  }

  /** Gives the reader pages to read, in the panel that the user has in mind. */
  async tell(title: string, pages: readonly TourPage[]): Promise<void> {
    const { current } = this;
    current.tell({ title, pages });
    await this.revealCurrent();
  }

  /**
   * A new panel in an editor, about what the panel shows, or will in a moment, that the user is at: the focused one, else
   * that of the side bar. Where there is neither, about the file that the user looks at: another panel that stays with its
   * file has no say in it.
   */
  openInEditor(): void {
    const shown = this.#editors.focused ?? (this.#view.visible ? this.#view.session : null);
    const uri = shown?.uri ?? this.#source.uri;
    const session = this.#editors.create(uri);
    if (uri === null) return;
    session.show(uri, shown?.state.choice ?? null);
    session.tryOut(shown?.state.trials ?? noTrials);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #follow(uri: string): void {
    for (const session of [this.#view.session, ...this.#editors.sessions]) session.follow(uri);
    const summary = this.#mirror.newest(uri);
    if (!summary || this.#seen.has(uri) || recognised(summary).length === 0) return;
    this.#seen.add(uri);
    const document = this.#mirror.document(uri);
    if (document && settingsFor(document).revealOnOpen && !this.#view.visible) void this.#view.reveal();
  }
}
