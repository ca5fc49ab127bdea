import { Disposable, type TextEditor, window, workspace } from "vscode";
import type { DocumentMirror } from "./documentMirror.ts";

/** Has every document read that the user can see, whether or not lenses and hovers are on. */
export function watchVisible(mirror: DocumentMirror): Disposable {
  const readAll = (editors: readonly TextEditor[]) => {
    for (const { document } of editors) void mirror.reading(document);
  };
  readAll(window.visibleTextEditors);
  return Disposable.from(
    window.onDidChangeVisibleTextEditors(readAll),
    // A change of language closes a document and opens it again, in the same editor.
    workspace.onDidOpenTextDocument((document) =>
      readAll(window.visibleTextEditors.filter((editor) => editor.document === document)),
    ),
  );
}
