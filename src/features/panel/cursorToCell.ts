import { Disposable, type TextEditor, window } from "vscode";
import type { Located, ResultSummary } from "../../protocol/core.ts";
import { CallError } from "../../protocol/rpc.ts";
import type { CoreSession } from "../../sources/coreSession.ts";
import { caretPlace } from "./caretPlace.ts";
import type { FocusedQuery } from "./focusedQuery.ts";
import type { PanelSession } from "./session.ts";

export interface CursorParts {
  readonly core: CoreSession;
  readonly focused: FocusedQuery;
  readonly onFailure: (error: unknown) => void;
}

/**
 * From the text to the panel: the caret in a row of Q, K, V, the mask or the weights moves the crosshair; on an expression
 * that makes or uses a stage it brings that stage up.
 */
export class CursorToCell implements Disposable {
  readonly #parts: CursorParts;
  readonly #session: PanelSession;
  readonly #subscriptions: Disposable;
  /** What the crosshair was last about: a new result takes it from where the caret is already. */
  #about = "";
  /** The document whose selected cell the page brought along. */
  #kept: string | null = null;
  #serial = 0;

  constructor(session: PanelSession, parts: CursorParts) {
    this.#parts = parts;
    this.#session = session;
    this.#subscriptions = Disposable.from(
      window.onDidChangeTextEditorSelection(({ textEditor }) => this.#moved(textEditor)),
      session.onDidChange(() => this.#shown()),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  /** The page came back with a cell that was selected in this document: there the caret waits until it is moved. */
  leaveAlone(uri: string | null): void {
    this.#kept = uri;
  }

  #shown(): void {
    const { result } = this.#session.state;
    const about = result ? `${result.uri}#${result.site}` : "";
    if (about === this.#about) return;
    this.#about = about;
    const isKept = result !== null && result.uri === this.#kept;
    if (result) this.#kept = null;
    if (isKept) return;
    const editor = window.visibleTextEditors.find(({ document }) => document.uri.toString() === result?.uri);
    if (editor) this.#follow(editor);
  }

  #moved(editor: TextEditor): void {
    const uri = editor.document.uri.toString();
    const isOurs = this.#session.ownMoves.take(caretPlace(uri, editor.selection));
    if (!isOurs) this.#follow(editor);
  }

  #follow(editor: TextEditor): void {
    this.#locate(editor).catch((error) => CallError.is(error, "failed") && this.#parts.onFailure(error));
  }

  async #locate({ document, selections }: TextEditor): Promise<void> {
    const { result } = this.#session.state;
    const uri = document.uri.toString();
    if (!result || uri !== result.uri || selections.length !== 1) return;
    const serial = ++this.#serial;
    const { picks } = this.#session;
    const choice = result.site === null ? undefined : { site: result.site };
    const offset = document.offsetAt(selections[0]!.active);
    const located = await this.#parts.core.remote.locate({ uri, offset, ...(choice && { choice }) });
    const isNewest = serial === this.#serial && picks === this.#session.picks;
    if (located && located.version === document.version && isNewest) this.#move(located, result);
  }

  #move(located: Located, result: ResultSummary): void {
    if (located.part && located.site === result.site && located.element === null) this.#session.showPart(located.part);
    const cell = cellOf(located, result);
    if (!cell) return;
    const { uri } = result;
    const { batch, head, query, key } = cell;
    if (query !== null) this.#parts.focused.set({ uri, batch, head, query });
    this.#session.moveCrosshair(query, key);
  }
}

interface RowOrColumn {
  readonly batch: number;
  readonly head: number;
  readonly query: number | null;
  readonly key: number | null;
}

/** The row or the column that an element belongs to; null where it plays no part in the result. */
export function cellOf(
  { tensor, index, wholeRow, word, site }: Located,
  { roles, site: shown }: ResultSummary,
): RowOrColumn | null {
  if (word) return shown === null || shown === site ? { batch: 0, head: 0, ...word } : null;
  if (!index || index.length < 2) return null;
  const [batch, head] = [index.at(-4) ?? 0, index.at(-3) ?? 0];
  const [row, column] = index.slice(-2) as [number, number];
  if (roles.query?.id === tensor) return { batch, head, query: row, key: null };
  if (roles.key?.id === tensor || roles.value?.id === tensor) return { batch, head, query: null, key: row };
  const cells = [roles.weights, roles.mask, roles.scores];
  if (cells.some((role) => role?.id === tensor)) return { batch, head, query: row, key: wholeRow ? null : column };
  return roles.output?.id === tensor ? { batch, head, query: row, key: null } : null;
}
