import { commands, Disposable, Range, type TextEditor, window } from "vscode";
import type { Painted, PaintRequest } from "../../protocol/core.ts";
import { CallError } from "../../protocol/rpc.ts";
import type { CoreSession } from "../../sources/coreSession.ts";
import type { DocumentMirror } from "../../sources/documentMirror.ts";
import { languageOf } from "../../sources/languages.ts";
import type { FocusedQuery } from "../panel/focusedQuery.ts";
import type { Panels } from "../panel/panels.ts";
import { onDidChangeSettings, settingsFor } from "../settings.ts";
import { type Highlights, highlighted, highlightsIn } from "./highlights.ts";
import { PaintTypes, paintLevels } from "./paintTypes.ts";

export type PaintMode = "off" | "values" | "attention";

/** More than this on one screen cannot be told apart, and slows the editor down. */
const maximumRanges = 2000;

interface Shown {
  readonly painted: Painted;
  readonly highlights: Highlights;
}

export interface PaintParts {
  readonly core: CoreSession;
  readonly mirror: DocumentMirror;
  readonly panels: Panels;
  readonly focused: FocusedQuery;
  readonly onFailure: (error: unknown) => void;
}

/**
 * **Paint**: tints the numbers in the editor with the colour of their value, or tokens and rows with the attention that
 * they get from the query at the caret. Only what can be seen, and a screen around it, is asked for and painted.
 */
export class Paint implements Disposable {
  readonly #parts: PaintParts;
  readonly #subscriptions: Disposable;
  #types: PaintTypes | null = null;
  #mode: PaintMode = "off";
  readonly #due = new Set<TextEditor>();
  /** What each editor shows, to be laid anew around another highlight. */
  readonly #shown = new WeakMap<TextEditor, Shown>();

  constructor(parts: PaintParts) {
    this.#parts = parts;
    this.#subscriptions = Disposable.from(
      window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.#soon(textEditor)),
      window.onDidChangeVisibleTextEditors(() => this.#soonAll()),
      window.onDidChangeTextEditorSelection(({ textEditor }) => this.#aroundHighlights(textEditor)),
      parts.focused.onDidChange(() => this.#mode === "attention" && this.#soonAll()),
      parts.panels.onDidChange(() => this.#mode === "attention" && this.#soonAll()),
      parts.mirror.onDidRead(() => this.#soonAll()),
      onDidChangeSettings(() => this.#soonAll()),
    );
  }

  get on(): boolean {
    return this.#mode !== "off";
  }

  /** Turns this kind of paint on, or off if it is on. */
  async toggle(mode: Exclude<PaintMode, "off">): Promise<void> {
    this.#mode = this.#mode === mode ? "off" : mode;
    await commands.executeCommand("setContext", "attentionLoupe.paint", this.#mode);
    if (this.#mode === "off") this.#clear();
    else this.#soonAll();
  }

  dispose(): void {
    this.#mode = "off";
    this.#clear();
    this.#subscriptions.dispose();
  }

  #clear(): void {
    this.#types?.dispose();
    this.#types = null;
  }

  #soonAll(): void {
    for (const editor of window.visibleTextEditors) this.#soon(editor);
  }

  /** Scrolling fires often; one painting answers for all that came before it. */
  #soon(editor: TextEditor): void {
    if (!this.on || this.#due.has(editor) || !languageOf(editor.document)) return;
    this.#due.add(editor);
    setTimeout(() => {
      this.#due.delete(editor);
      void this.#paint(editor).catch(this.#parts.onFailure);
    }, 10);
  }

  async #paint(editor: TextEditor): Promise<void> {
    const { document } = editor;
    if (!(await this.#parts.mirror.reading(document))) return;
    const request = this.#request(editor);
    const painted = request
      ? await this.#parts.core.remote.paint(request).catch(noneIfGone)
      : nothing(document.version);
    // Turned off, or edited, while the core was asked.
    if (!this.on || painted?.version !== document.version) return;
    this.#lay(editor, painted, highlightsIn(editor));
  }

  #lay(editor: TextEditor, painted: Painted, highlights: Highlights): void {
    this.#shown.set(editor, { painted, highlights });
    const types = this.#typesFor(settingsFor(editor.document).colorMap);
    types.paint(editor, rangesByLevel(editor, painted, highlights));
  }

  /** Before VS Code draws its highlight, which takes it a quarter of a second. */
  #aroundHighlights(editor: TextEditor): void {
    const shown = this.on ? this.#shown.get(editor) : undefined;
    if (shown?.painted.version !== editor.document.version) return;
    const highlights = highlightsIn(editor);
    const { word, selected } = shown.highlights;
    if (highlights.word !== word || highlights.selected !== selected) this.#lay(editor, shown.painted, highlights);
  }

  #request(editor: TextEditor): PaintRequest | null {
    const { document, visibleRanges } = editor;
    const [first, last] = [visibleRanges[0]?.start.line ?? 0, visibleRanges.at(-1)?.end.line ?? 0];
    const screen = last - first + 1;
    const lines = (from: number, to: number) => ({
      start: document.offsetAt(document.lineAt(Math.max(0, from)).range.start),
      end: document.offsetAt(document.lineAt(Math.min(document.lineCount - 1, to)).range.end),
    });
    const around = lines(first - screen, last + screen);
    const uri = document.uri.toString();
    const request = { uri, ...around, visible: lines(first, last), limit: maximumRanges, levels: paintLevels };
    if (this.#mode === "values") return request;
    const attention = this.#attention(uri);
    return attention ? { ...request, attention } : null;
  }

  /** The query that the user looks at, if the panel is about this document. */
  #attention(uri: string): PaintRequest["attention"] | null {
    const { result, shownChoice: choice } = this.#parts.panels.current.state;
    if (result?.uri !== uri || !choice) return null;
    const { row } = this.#parts.focused;
    const { batch, head, query } = row?.uri === uri ? row : { batch: 0, head: 0, query: 0 };
    return query < result.sizes.queries ? { result: result.result, batch, head, query, choice } : null;
  }

  /** Made again only where the user chose other colours. */
  #typesFor(colors: string): PaintTypes {
    if (!this.#types?.isOf(colors)) {
      this.#types?.dispose();
      this.#types = new PaintTypes(colors);
    }
    return this.#types;
  }
}

function rangesByLevel({ document }: TextEditor, painted: Painted, highlights: Highlights): Range[][] {
  const ranges: Range[][] = Array.from({ length: paintLevels }, () => []);
  const isHighlighted = highlighted(highlights);
  for (const [at, level] of painted.levels.entries()) {
    const range = new Range(document.positionAt(painted.starts[at]!), document.positionAt(painted.ends[at]!));
    if (!isHighlighted(document.getText(range))) ranges[level]!.push(range);
  }
  return ranges;
}

/** Attention is painted only in the document that the panel is about. */
function nothing(version: number): Painted {
  return { version, starts: new Uint32Array(), ends: new Uint32Array(), levels: new Uint8Array() };
}

function noneIfGone(error: unknown): null {
  if (CallError.is(error) && error.reason !== "failed") return null;
  throw error;
}
