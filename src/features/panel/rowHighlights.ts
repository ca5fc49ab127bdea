import {
  type Disposable,
  type Range,
  type TextDocument,
  type TextEditor,
  TextEditorRevealType,
  ThemeColor,
  window,
} from "vscode";

export interface Highlight {
  readonly role: "query" | "key";
  readonly range: Range;
}

/** Marks the rows of Q, K and V, and the words, that made the selected cell, in every editor of their document. */
export class RowHighlights implements Disposable {
  readonly #types = { query: decoration("query"), key: decoration("key") };
  /** An editor that comes back from behind another tab is a new one, without decorations. */
  readonly #editors = window.onDidChangeVisibleTextEditors(() => this.#decorate());
  #uri = "";
  #version = 0;
  #shown: readonly Highlight[] = [];

  /** Decorates and reveals; caret, selection and focus stay. */
  show({ uri, version }: TextDocument, highlights: readonly Highlight[]): void {
    [this.#uri, this.#version, this.#shown] = [uri.toString(), version, highlights];
    for (const editor of this.#decorate()) if (highlights.length > 0) reveal(editor, highlights);
  }

  clear(): void {
    this.#shown = [];
    this.#decorate();
  }

  dispose(): void {
    this.#editors.dispose();
    this.#types.query.dispose();
    this.#types.key.dispose();
  }

  /** Gives the editors of the document. Edits move what is decorated, but not what we know of it. */
  #decorate(): TextEditor[] {
    const ours = ({ document }: TextEditor) =>
      document.uri.toString() === this.#uri && document.version === this.#version;
    for (const editor of window.visibleTextEditors) {
      const here = ours(editor) ? this.#shown : [];
      for (const role of ["query", "key"] as const) {
        const ranges = here.flatMap((each) => (each.role === role ? [each.range] : []));
        editor.setDecorations(this.#types[role], ranges);
      }
    }
    return window.visibleTextEditors.filter(ours);
  }
}

function decoration(role: "query" | "key") {
  return window.createTextEditorDecorationType({
    backgroundColor: new ThemeColor(`attentionLoupe.${role}RowBackground`),
    border: "1px solid",
    borderColor: new ThemeColor(`attentionLoupe.${role}RowBorder`),
    borderRadius: "2px",
    overviewRulerColor: new ThemeColor(`attentionLoupe.${role}RowBorder`),
  });
}

/** The rows of Q and K where they fit on the screen, else that of the query. */
function reveal(editor: TextEditor, highlights: readonly Highlight[]): void {
  const query = (highlights.find(({ role }) => role === "query") ?? highlights[0]!).range;
  const key = highlights.find(({ role }) => role === "key")?.range;
  const all = key ? query.union(key) : query;
  const visible = editor.visibleRanges.reduce((lines, range) => lines + range.end.line - range.start.line, 0);
  editor.revealRange(
    all.end.line - all.start.line < visible ? all : query,
    TextEditorRevealType.InCenterIfOutsideViewport,
  );
}
