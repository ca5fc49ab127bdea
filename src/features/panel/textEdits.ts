import { commands, type TextDocument, Uri, WorkspaceEdit, window, workspace } from "vscode";
import { inLabel } from "../../explain/visible.ts";
import type { NumberChange } from "../../protocol/core.ts";
import type { CoreSession } from "../../sources/coreSession.ts";
import type { DocumentMirror } from "../../sources/documentMirror.ts";
import { editorRange } from "../../sources/placing.ts";
import { type Message, message } from "../../tensor/message.ts";
import type { CellToEditor } from "./cellToEditor.ts";
import { type InputNumber, type InputPlace, inputPlace } from "./inputPlaces.ts";
import type { PanelSession } from "./session.ts";

export interface TextEditParts {
  readonly core: CoreSession;
  readonly mirror: DocumentMirror;
  readonly editor: CellToEditor;
  readonly say: (message: Message) => string;
}

/** From the panel into the text: a number that was dragged or typed, and the way back. One after the other, as they were asked for. */
export class TextEdits {
  readonly #parts: TextEditParts;
  #last: Promise<unknown> = Promise.resolve();
  /** Versions of a document from the first to the last of which nothing changed but single numbers, by us. */
  #own: { readonly uri: string; readonly first: number; readonly last: number } | null = null;

  constructor(parts: TextEditParts) {
    this.#parts = parts;
  }

  /** Shows what a number would do; null: what the text says. */
  preview(number: InputNumber | null, session: PanelSession): void {
    const meant = number && session.recent(number.result);
    const place = number && meant?.uri === session.uri ? inputPlace(meant, number) : null;
    if (number && place) session.preview({ tensor: place.tensor.id, element: place.element, value: number.value });
    else if (!number) session.preview(null);
  }

  /** Writes one number: nothing else in the text changes, and one undo takes it back. */
  write(number: InputPlace, change: NumberChange, session: PanelSession): Promise<void> {
    const { previewed } = session;
    return this.#inTurn(async () => {
      const problem = await session.ownMoves.during(() => this.#write(number, change, session));
      session.endPreview(previewed);
      if (problem) void window.showWarningMessage(inLabel(this.#parts.say(problem)));
    });
  }

  /** `undo` reaches an editor only while that has the focus. */
  step(command: "undo" | "redo", session: PanelSession, refocus: () => Promise<void>): Promise<void> {
    return this.#inTurn(async () => {
      const { uri } = session.state;
      if (uri === null || !this.#parts.mirror.document(uri)) return;
      await session.ownMoves.during(async () => {
        await this.#parts.editor.reveal(uri);
        await commands.executeCommand(command);
        await refocus();
      });
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Only into the text that the number was seen in, or one that differs from it by numbers that we wrote since. */
  async #write(number: InputPlace, change: NumberChange, session: PanelSession): Promise<Message | null> {
    const meant = session.recent(number.result);
    const place = meant && inputPlace(meant, number);
    if (!meant || !place || meant.uri !== session.uri) return message("service.moved");
    const { uri } = meant;
    const document = this.#parts.mirror.document(uri);
    if (!document || !this.#isStillTheText(document, meant.version)) return message("service.moved");
    await this.#parts.mirror.reading(document);
    const { version } = document;
    const request = { uri, version, tensor: place.tensor.id, element: place.element, change };
    const outcome = await this.#parts.core.remote.edit(request);
    if (!outcome.ok) return outcome.problem;
    if (document.version !== version) return message("service.moved");
    const edit = new WorkspaceEdit();
    edit.replace(Uri.parse(uri), editorRange(document, outcome.value.range), outcome.value.text);
    if (!(await workspace.applyEdit(edit))) return message("service.moved");
    if (document.version === version + 1) this.#wrote(uri, version);
    return null;
  }

  #isStillTheText({ uri, version }: TextDocument, meant: number): boolean {
    const own = this.#own;
    if (version === meant) return true;
    return own?.uri === uri.toString() && own.last === version && own.first <= meant;
  }

  #wrote(uri: string, version: number): void {
    const first = this.#own?.uri === uri && this.#own.last === version ? this.#own.first : version;
    this.#own = { uri, first, last: version + 1 };
  }
}
