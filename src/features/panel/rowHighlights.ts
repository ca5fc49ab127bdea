import { type Disposable, type Range, type TextEditor, TextEditorRevealType, ThemeColor, window } from "vscode";

export interface Highlight {
  readonly role: "query" | "key";
  readonly range: Range;
}

/** Marks the rows of Q, K and V, and the words, that made the selected cell, in every editor of their document. */
export class RowHighlights implements Disposable {
  readonly #types = { query: decoration("query"), key: decoration("key") };

  /** Decorates and reveals; caret, selection and focus stay. */
  show(uri: string, highlights: readonly Highlight[]): void {
    for (const editor of window.visibleTextEditors) {
      const here = editor.document.uri.toString() === uri ? highlights : [];
      for (const role of ["query", "key"] as const) {
        editor.setDecorations(
          this.#types[role],
          here.filter((each) => each.role === role).map(({ range }) => range),
        );
      }
      if (here.length > 0) reveal(editor, here);
    }
  }

  clear(): void {
    this.show("", []);
  }

  dispose(): void {
    this.#types.query.dispose();
    this.#types.key.dispose();
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
