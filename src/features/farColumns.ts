import { commands, type Position, type TextDocument, window, workspace } from "vscode";
import { inLabel } from "../explain/visible.ts";
import { nameOf } from "../sources/nameOf.ts";
import type { Translate } from "../tensor/message.ts";

/** Says, once a document, why nothing shows at a place so far to the right that the editor does not draw it. */
export class FarColumns {
  readonly #translate: Translate;
  readonly #said = new WeakSet<TextDocument>();

  constructor(translate: Translate) {
    this.#translate = translate;
  }

  /** A file over 50 MB, or one that is gone. */
  noDocument(uri: string): void {
    const name = nameOf(uri);
    void window.showInformationMessage(
      inLabel(
        this.#translate("Nothing can be shown in {name}: VS Code gives extensions no editor of files over 50 MB.", {
          name,
        }),
      ),
    );
  }

  check(document: TextDocument, { line, character }: Position): void {
    const limit = workspace.getConfiguration("editor", document).get("stopRenderingLineAfter", 10_000);
    if (limit < 0 || character <= limit || this.#said.has(document)) return;
    this.#said.add(document);
    void this.#say(document, { line: line + 1, column: character + 1, limit });
  }

  async #say(document: TextDocument, place: { line: number; column: number; limit: number }): Promise<void> {
    const text = this.#translate(
      "This number is in line {line}, column {column}. VS Code draws no more than {limit} columns of a line. Formatting the document breaks the line up.",
      place,
    );
    const format = this.#translate("Format Document");
    if ((await window.showInformationMessage(text, format)) !== format) return;
    await window.showTextDocument(document);
    await commands.executeCommand("editor.action.formatDocument");
  }
}
