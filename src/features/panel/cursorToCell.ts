import { Disposable, type TextEditor, window } from "vscode";
import type { Located, ResultSummary } from "../../protocol/core.ts";
import type { CoreSession } from "../../sources/coreSession.ts";
import type { PanelSession } from "./session.ts";

/** From the text to the panel: the caret in a row of Q, K, V or the weights moves the crosshair. */
export class CursorToCell implements Disposable {
  readonly #core: CoreSession;
  readonly #session: PanelSession;
  readonly #subscription: Disposable;
  #serial = 0;
  /** The document whose caret was looked at when its first result came. */
  #met: string | null = null;

  constructor(core: CoreSession, session: PanelSession, onFailure: (error: unknown) => void) {
    this.#core = core;
    this.#session = session;
    this.#subscription = Disposable.from(
      window.onDidChangeTextEditorSelection(({ textEditor }) => void this.#moved(textEditor).catch(onFailure)),
      session.onDidChange(() => void this.#meet().catch(onFailure)),
    );
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  /** The caret may stand in a row before there is a result to show it in. */
  async #meet(): Promise<void> {
    const uri = this.#session.state.result?.uri ?? null;
    if (uri === null || uri === this.#met) return;
    this.#met = uri;
    const editor = window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri);
    if (editor) await this.#moved(editor);
  }

  async #moved({ document, selections }: TextEditor): Promise<void> {
    const { result } = this.#session.state;
    const uri = document.uri.toString();
    if (!result || uri !== result.uri || selections.length !== 1) return;
    const serial = ++this.#serial;
    const choice = result.site === null ? undefined : { site: result.site };
    const offset = document.offsetAt(selections[0]!.active);
    const located = await this.#core.remote.locate({ uri, offset, ...(choice && { choice }) }).catch(() => null);
    if (!located || located.version !== document.version || serial !== this.#serial) return;
    const cell = cellOf(located, result);
    if (cell) this.#session.moveCrosshair(cell.query, cell.key);
  }
}

/** The row or the column that an element belongs to; null where it plays no part in the result. */
export function cellOf(
  { tensor, index }: Located,
  { roles }: ResultSummary,
): { query: number | null; key: number | null } | null {
  if (!index || index.length < 2) return null;
  const row = index[index.length - 2]!;
  if (roles.query?.id === tensor) return { query: row, key: null };
  if (roles.key?.id === tensor || roles.value?.id === tensor) return { query: null, key: row };
  if (roles.weights?.id === tensor || roles.mask?.id === tensor) return { query: row, key: index[index.length - 1]! };
  return null;
}
