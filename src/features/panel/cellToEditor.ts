import {
  commands,
  Selection,
  type TextDocument,
  TextEditorRevealType,
  Uri,
  ViewColumn,
  window,
  workspace,
} from "vscode";
import { type Stage, stages } from "../../attention/problem.ts";
import type { Choice, ResultSummary } from "../../protocol/core.ts";
import { CallError } from "../../protocol/rpc.ts";
import { isTensorFile } from "../../reading/binary/tensorDocument.ts";
import type { Part, TextRange } from "../../reading/document.ts";
import type { CoreSession } from "../../sources/coreSession.ts";
import type { DocumentMirror } from "../../sources/documentMirror.ts";
import type { NotebookOutputs } from "../../sources/notebookOutputs.ts";
import { editorRange } from "../../sources/placing.ts";
import { tabShows } from "../../sources/tabs.ts";
import type { FarColumns } from "../farColumns.ts";
import { caretPlace } from "./caretPlace.ts";
import { type Cell, cellPlaces } from "./cellPlaces.ts";
import type { Expect } from "./ownMoves.ts";
import type { Highlight, RowHighlights } from "./rowHighlights.ts";

export interface CellToEditorParts {
  readonly core: CoreSession;
  readonly mirror: DocumentMirror;
  readonly outputs: NotebookOutputs;
  readonly highlights: RowHighlights;
  readonly far: FarColumns;
}

/** From the panel to the text: shows what made a cell, or goes there. */
export class CellToEditor {
  readonly #parts: CellToEditorParts;
  /** The newest request; earlier ones no longer matter. */
  #serial = 0;

  constructor(parts: CellToEditorParts) {
    this.#parts = parts;
  }

  /** Decorates and reveals the rows of Q, K and V and their words. The user's selection and focus stay where they are. */
  async select(result: ResultSummary, choice: Choice | null, cell: Cell): Promise<void> {
    const serial = ++this.#serial;
    const found = await this.#highlightsOf(result, choice, cell);
    if (serial !== this.#serial) return;
    const document = this.#parts.mirror.document(result.uri);
    // Code has no rows of numbers: the expression of the stage stays marked.
    if (!document || (found.length === 0 && result.written)) return;
    this.#parts.highlights.show(document, found);
    if (found[0]) this.#parts.far.check(document, found[0].range.start);
  }

  /** Decorates and reveals the expression that makes a part; where none does, that of the stage before it. */
  selectPart({ uri, site }: ResultSummary, part: Part): void {
    const { mirror, highlights } = this.#parts;
    const [document, summary] = [mirror.document(uri), mirror.newest(uri)];
    const made = summary?.sites.find(({ id }) => id === site)?.made;
    const range = made && [part, ...stagesBefore(part)].map((each) => made[each]).find((each) => each !== undefined);
    if (!document || !range || summary.version !== document.version) return;
    this.#serial++;
    const role = part === "key" || part === "value" ? "key" : "query";
    highlights.show(document, [{ role, range: editorRange(document, range) }]);
  }

  clear(): void {
    this.#serial++;
    this.#parts.highlights.clear();
  }

  /** Caret and focus go to the row of Q. */
  async goTo(result: ResultSummary, choice: Choice | null, cell: Cell, expect: Expect): Promise<void> {
    const { uri } = result;
    await this.select(result, choice, cell);
    const [place] = await this.#highlightsOf(result, choice, cell);
    if (!place) return this.reveal(uri);
    const caret = new Selection(place.range.start, place.range.start);
    const isThere = window.visibleTextEditors.some(
      ({ document, selection }) => document.uri.toString() === uri && selection.isEqual(caret),
    );
    expect(isThere ? null : caretPlace(uri, caret));
    await this.reveal(uri, caret);
  }

  async goToOffset(uri: string, offset: number): Promise<void> {
    if (await this.#revealed(uri)) return;
    const document = await this.#documentOf(uri);
    const caret = document?.positionAt(offset);
    if (caret) await this.reveal(uri, new Selection(caret, caret));
  }

  /** Brings the document to the front, in the group where it is already. */
  async reveal(uri: string, selection?: Selection): Promise<void> {
    if (await this.#revealed(uri)) return;
    const document = await this.#documentOf(uri);
    if (!document) return;
    const editor = await window.showTextDocument(document, {
      viewColumn: columnOf(document),
      ...(selection && { selection }),
    });
    if (!selection) return;
    editor.revealRange(selection, TextEditorRevealType.InCenterIfOutsideViewport);
    this.#parts.far.check(document, selection.start);
  }

  /** What has no text is shown where it is: a cell has its notebook, a file of tensors the explorer. */
  async #revealed(uri: string): Promise<boolean> {
    if (!isTensorFile(uri)) return this.#parts.outputs.reveal(uri);
    await commands.executeCommand("revealInExplorer", Uri.parse(uri));
    return true;
  }

  /** null, and said why, where VS Code gives extensions no document. */
  async #documentOf(uri: string): Promise<TextDocument | null> {
    const open = this.#parts.mirror.document(uri);
    const document = open ?? (await workspace.openTextDocument(Uri.parse(uri)).then(undefined, () => null));
    if (!document) this.#parts.far.noDocument(uri);
    return document;
  }

  /** First the row of Q, or the given weight. */
  async #highlightsOf(result: ResultSummary, choice: Choice | null, cell: Cell): Promise<Highlight[]> {
    const document = this.#parts.mirror.document(result.uri);
    const version = this.#parts.mirror.newest(result.uri)?.version;
    if (!document) return [];
    const found = await this.#rangesOf(result, choice, cell).catch(noneIfGone);
    // Places are those of one text: after an edit they would point beside it.
    if (version !== document.version) return [];
    return found.flatMap(([role, range]) => (range ? [{ role, range: editorRange(document, range) }] : []));
  }

  async #rangesOf(result: ResultSummary, choice: Choice | null, cell: Cell): Promise<Place[]> {
    const { remote } = this.#parts.core;
    const { query, key } = cell;
    const rows = cellPlaces(result, cell).map(async (place): Promise<Place> => {
      const [range] = await remote.ranges(place);
      return [place.role, range ?? null];
    });
    const words = choice && (await remote.words({ uri: result.uri, choice, query, key }));
    return [...(await Promise.all(rows)), ["query", words?.query ?? null], ["key", words?.key ?? null]];
  }
}

/** Nearest first. */
function stagesBefore(part: Part): readonly Stage[] {
  return stages.slice(0, Math.max(0, stages.indexOf(part as Stage))).reverse();
}

type Place = readonly [role: Highlight["role"], range: TextRange | null];

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
