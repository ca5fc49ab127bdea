import { type TextDocument, Uri, WorkspaceEdit, window, workspace } from "vscode";
import type { AttentionRow } from "../../attention/result.ts";
import { inLabel } from "../../explain/visible.ts";
import type { ResultSummary, TensorSummary } from "../../protocol/core.ts";
import type { CoreSession } from "../../sources/coreSession.ts";
import type { DocumentMirror } from "../../sources/documentMirror.ts";
import { editorRange } from "../../sources/placing.ts";
import { type Message, message } from "../../tensor/message.ts";

/** More numbers than this make a text that nobody reads. */
const mostNumbers = 65_536;
/** Significant digits: enough for rows to sum to 1 within any tolerance that is in use. */
const digits = 9;

export interface InsertParts {
  readonly core: CoreSession;
  readonly mirror: DocumentMirror;
  readonly say: (message: Message) => string;
}

/** **Insert Weights**: writes the weights of a head behind the value, or, where that is no member of an object, into a new document. */
export class InsertWeights {
  readonly #parts: InsertParts;

  constructor(parts: InsertParts) {
    this.#parts = parts;
  }

  async insert(result: ResultSummary, at: { readonly batch: number; readonly head: number }): Promise<void> {
    const { queries, keys } = result.sizes;
    const [count, limit] = [queries * keys, mostNumbers];
    if (count > limit) return this.#warn(message("service.tooMuchToInsert", { count, limit }));
    const { remote } = this.#parts.core;
    const asked = Array.from({ length: queries }, (_, query) => remote.row({ result: result.result, ...at, query }));
    const document = this.#parts.mirror.document(result.uri);
    const place = document && memberPlace(document, result.roles.value);
    if (!document || !place) return openNew(rowsText(await Promise.all(asked), "  "));
    const { version } = document;
    const text = `,\n${place.indent}"weights": ${rowsText(await Promise.all(asked), place.indent)}`;
    if (document.version !== version || result.version !== version) return this.#warn(message("service.moved"));
    const edit = new WorkspaceEdit();
    edit.insert(Uri.parse(result.uri), place.position, text);
    await workspace.applyEdit(edit);
  }

  #warn(problem: Message): void {
    void window.showWarningMessage(inLabel(this.#parts.say(problem)));
  }
}

/** Behind a tensor that is a member of a JSON object, and how far the member is indented. */
function memberPlace(document: TextDocument, tensor: TensorSummary | undefined) {
  if (!tensor?.nameRange || !document.languageId.startsWith("json") || document.languageId === "jsonl") return null;
  const name = editorRange(document, tensor.nameRange);
  const indent = /^\s*/.exec(document.lineAt(name.start.line).text)?.[0] ?? "";
  return { indent, position: document.positionAt(tensor.range.end) };
}

function rowsText(rows: readonly AttentionRow[], indent: string): string {
  const lines = rows.map(
    ({ weights }) => `${indent}  [${Array.from(weights, (x) => Number(x.toPrecision(digits))).join(", ")}]`,
  );
  return `[\n${lines.join(",\n")}\n${indent}]`;
}

async function openNew(rows: string): Promise<void> {
  const document = await workspace.openTextDocument({ language: "json", content: `{\n  "weights": ${rows}\n}\n` });
  await window.showTextDocument(document);
}
