import { Selection, type TextDocument, TextEditorRevealType, Uri, ViewColumn, window, workspace } from "vscode";
import type { ResultSummary } from "../../protocol/core.ts";
import { CallError } from "../../protocol/rpc.ts";
import type { CoreSession } from "../../sources/coreSession.ts";
import type { DocumentMirror } from "../../sources/documentMirror.ts";
import { editorRange } from "../../sources/placing.ts";
import { tabShows } from "../../sources/tabs.ts";
import type { FarColumns } from "../farColumns.ts";
import { type Cell, cellPlaces } from "./cellPlaces.ts";
import type { Highlight, RowHighlights } from "./rowHighlights.ts";

/** From the panel to the text: shows what made a cell, or goes there. */
export class CellToEditor {
  readonly #core: CoreSession;
  readonly #mirror: DocumentMirror;
  readonly #highlights: RowHighlights;
  readonly #far: FarColumns;
  /** The newest request; earlier ones no longer matter. */
  #serial = 0;

  constructor(core: CoreSession, mirror: DocumentMirror, highlights: RowHighlights, far: FarColumns) {
    this.#core = core;
    this.#far = far;
    this.#mirror = mirror;
    this.#highlights = highlights;
  }

  /** Decorates and reveals the rows of Q and K. The user's selection and focus stay where they are. */
  async select(result: ResultSummary, cell: Cell): Promise<void> {
    const serial = ++this.#serial;
    const found = await this.#highlightsOf(result, cell);
    if (serial !== this.#serial) return;
    this.#highlights.show(result.uri, found);
    const document = this.#mirror.document(result.uri);
    if (document && found[0]) this.#far.check(document, found[0].range.start);
  }

  clear(): void {
    this.#serial++;
    this.#highlights.clear();
  }

  /** Caret and focus go to the row of Q. */
  async goTo(result: ResultSummary, cell: Cell): Promise<void> {
    await this.select(result, cell);
    const [place] = await this.#highlightsOf(result, cell);
    await this.reveal(result.uri, place && new Selection(place.range.start, place.range.start));
  }

  async goToOffset(uri: string, offset: number): Promise<void> {
    const document = await workspace.openTextDocument(Uri.parse(uri));
    const caret = document.positionAt(offset);
    await this.reveal(uri, new Selection(caret, caret));
  }

  /** Brings the document to the front, in the group where it is already. */
  async reveal(uri: string, selection?: Selection): Promise<void> {
    const document = this.#mirror.document(uri) ?? (await workspace.openTextDocument(Uri.parse(uri)));
    const editor = await window.showTextDocument(document, {
      viewColumn: columnOf(document),
      ...(selection && { selection }),
    });
    if (!selection) return;
    editor.revealRange(selection, TextEditorRevealType.InCenterIfOutsideViewport);
    this.#far.check(document, selection.start);
  }

  async #highlightsOf(result: ResultSummary, cell: Cell): Promise<Highlight[]> {
    const document = this.#mirror.document(result.uri);
    const version = this.#mirror.newest(result.uri)?.version;
    if (!document) return [];
    const places = cellPlaces(result, cell);
    const found = await Promise.all(places.map((place) => this.#core.remote.ranges(place))).catch(noneIfGone);
    // Places are those of one text: after an edit they would point beside it.
    if (version !== document.version) return [];
    return found.flatMap(([range], at) =>
      range ? [{ role: places[at]!.role, range: editorRange(document, range) }] : [],
    );
  }
}

function noneIfGone(error: unknown): never[] {
  if (CallError.is(error) && error.reason !== "failed") return [];
  throw error;
}

function columnOf(document: TextDocument): ViewColumn {
  const uri = document.uri.toString();
  const visible = window.visibleTextEditors.find((editor) => editor.document === document)?.viewColumn;
  const tab = window.tabGroups.all.find(({ tabs }) => tabs.some((each) => tabShows(each, uri)));
  return visible ?? tab?.viewColumn ?? ViewColumn.Active;
}
