import { Range, type TextDocument } from "vscode";
import type { TextRange } from "../reading/document.ts";

/** Offsets of a reading as the editor's positions. Only right while the document has the version that was read. */
export function editorRange(document: TextDocument, { start, end }: TextRange): Range {
  return new Range(document.positionAt(start), document.positionAt(end));
}
