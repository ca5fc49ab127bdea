import { commands, Uri, WorkspaceEdit, window, workspace } from "vscode";
import { inLabel } from "../../explain/visible.ts";
import type { CoreSession } from "../../sources/coreSession.ts";
import type { DocumentMirror } from "../../sources/documentMirror.ts";
import { editorRange } from "../../sources/placing.ts";
import { type Message, message } from "../../tensor/message.ts";
import type { CellToEditor } from "./cellToEditor.ts";
import { type InputNumber, inputPlace } from "./inputPlaces.ts";
import type { PanelSession } from "./session.ts";

export interface TextEditParts {
  readonly core: CoreSession;
  readonly mirror: DocumentMirror;
  readonly editor: CellToEditor;
  readonly say: (message: Message) => string;
}

/** From the panel into the text: a number that was dragged or typed, and the way back. */
export class TextEdits {
  readonly #parts: TextEditParts;

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
  async write(number: InputNumber, precision: "drag" | "exact", session: PanelSession): Promise<void> {
    const problem = await session.quietly(() => this.#write(number, precision, session));
    session.preview(null);
    if (problem) void window.showWarningMessage(inLabel(this.#parts.say(problem)));
  }

  /** `undo` reaches an editor only while that has the focus. */
  async step(command: "undo" | "redo", session: PanelSession, refocus: () => Promise<void>): Promise<void> {
    const { uri } = session.state;
    if (uri === null || !this.#parts.mirror.document(uri)) return;
    await session.quietly(async () => {
      await this.#parts.editor.reveal(uri);
      await commands.executeCommand(command);
      await refocus();
    });
  }

  /** Only into the text that the number was seen in. */
  async #write(number: InputNumber, precision: "drag" | "exact", session: PanelSession): Promise<Message | null> {
    const meant = session.recent(number.result);
    const place = meant && inputPlace(meant, number);
    if (!meant || !place || meant.uri !== session.uri) return message("service.moved");
    const { uri, version } = meant;
    const document = this.#parts.mirror.document(uri);
    if (document?.version !== version) return message("service.moved");
    const request = { uri, version, tensor: place.tensor.id, element: place.element, value: number.value, precision };
    const outcome = await this.#parts.core.remote.edit(request);
    if (!outcome.ok) return outcome.problem;
    if (document.version !== version) return message("service.moved");
    const edit = new WorkspaceEdit();
    edit.replace(Uri.parse(uri), editorRange(document, outcome.value.range), outcome.value.text);
    return (await workspace.applyEdit(edit)) ? null : message("service.moved");
  }
}
