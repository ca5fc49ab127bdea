import { type QuickPickItem, type TextDocument, window } from "vscode";
import type { Choice, DocumentSummary, TensorSummary } from "../../protocol/core.ts";
import type { ActiveSource } from "../../sources/activeSource.ts";
import type { DocumentMirror } from "../../sources/documentMirror.ts";
import type { Translate } from "../../tensor/message.ts";
import type { Choices } from "../choices.ts";
import type { Panels } from "../panel/panels.ts";
import { shapeOf } from "../shapes.ts";
import { activeDocument } from "./activeDocument.ts";
import { fitsAsKey, fitsAsValue } from "./fits.ts";

interface TensorItem extends QuickPickItem {
  readonly tensor: TensorSummary;
  /** One matrix as query, key and value. */
  readonly self?: boolean;
}

export interface ChooseParts {
  readonly source: ActiveSource;
  readonly mirror: DocumentMirror;
  readonly choices: Choices;
  readonly panels: Panels;
  readonly translate: Translate;
}

/** **Attention: Choose Query, Key and Value…**: for files whose names do not say which is which. */
export class ChooseTensors {
  readonly #parts: ChooseParts;

  constructor(parts: ChooseParts) {
    this.#parts = parts;
  }

  async run(uri?: string, query?: string): Promise<void> {
    const document = await activeDocument(this.#parts.source, uri);
    if (document) await this.choose(document, query ?? null);
    else
      void window.showInformationMessage(
        this.#parts.translate("Open a JSON or Python file with matrices in it first."),
      );
  }

  /** @param query the id of the tensor that is to be the query; null: the user is asked. */
  async choose(document: TextDocument, query: string | null): Promise<void> {
    const summary = await this.#parts.mirror.reading(document);
    if (!summary) return;
    const choice = await this.#ask(summary, document, query);
    if (!choice) return;
    await this.#parts.choices.set(summary.uri, choice);
    await this.#parts.panels.show(summary.uri, null);
  }

  async #ask(
    summary: DocumentSummary,
    document: TextDocument,
    asked: string | null,
  ): Promise<Exclude<Choice, { site: string }> | null> {
    const { translate } = this.#parts;
    const matrices = summary.tensors.filter(({ hasValues, shape }) => hasValues && (shape?.length ?? 0) >= 2);
    const given = matrices.find(({ id }) => id === asked);
    const query = given ?? (await this.#pick(matrices, document, translate("Query: what looks for something")))?.tensor;
    if (!query) return null;
    const keys = unusedFirst(matrices, [query.id]).filter((tensor) => fitsAsKey(tensor, query));
    const key = await this.#pick(
      keys,
      document,
      translate("Key: what {name} is compared with", { name: query.name }),
      query,
    );
    if (!key) return null;
    if (key.self) return { query: query.id, key: query.id, value: query.id };
    const values = unusedFirst(matrices, [query.id, key.tensor.id]).filter((tensor) => fitsAsValue(tensor, key.tensor));
    const value = await this.#pick(values, document, translate("Value: what is summed with the weights"));
    return value ? { query: query.id, key: key.tensor.id, value: value.tensor.id } : null;
  }

  #pick(
    tensors: readonly TensorSummary[],
    document: TextDocument,
    placeHolder: string,
    query?: TensorSummary,
  ): Thenable<TensorItem | undefined> {
    const { translate } = this.#parts;
    const line = ({ range, nameRange }: TensorSummary) => document.positionAt((nameRange ?? range).start).line + 1;
    const items = tensors.map(
      (tensor): TensorItem => ({
        tensor,
        label: tensor.name || tensor.path,
        description: shapeOf(tensor),
        detail: translate("{path}, line {line}", { path: tensor.path, line: line(tensor) }),
      }),
    );
    const label =
      query && translate("Self-attention: {name} as query, key and value", { name: query.name || query.path });
    const self: TensorItem[] =
      query && label ? [{ tensor: query, self: true, label, description: shapeOf(query) }] : [];
    const title = translate("Attention: Choose Query, Key and Value");
    return window.showQuickPick([...self, ...items], {
      title,
      placeHolder,
      matchOnDescription: true,
      matchOnDetail: true,
    });
  }
}

/** One matrix may play two parts, but seldom does. */
function unusedFirst(tensors: readonly TensorSummary[], used: readonly string[]): TensorSummary[] {
  return [...tensors].sort((a, b) => Number(used.includes(a.id)) - Number(used.includes(b.id)));
}
