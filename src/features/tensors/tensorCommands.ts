import { env, Uri, window } from "vscode";
import { inLabel } from "../../explain/visible.ts";
import type { TextFormat } from "../../exporting/tensorText.ts";
import type { TensorSummary } from "../../protocol/core.ts";
import type { CoreSession } from "../../sources/coreSession.ts";
import type { SourceDocuments } from "../../sources/sourceDocuments.ts";
import type { Message, Outcome, Translate } from "../../tensor/message.ts";
import { linkTargetOf } from "../commands/linkTarget.ts";
import { saveBytes } from "../saveBytes.ts";
import { shapeOf } from "../shapes.ts";
import { isTensorNode } from "./tensorNode.ts";

export interface TensorCommandParts {
  readonly core: CoreSession;
  readonly documents: SourceDocuments;
  readonly translate: Translate;
  readonly say: (message: Message) => string;
}

interface Picked {
  readonly uri: string;
  readonly tensor: TensorSummary;
}

/** What can be done with one tensor: copied as code, saved as a file. */
export class TensorCommands {
  readonly #parts: TensorCommandParts;

  constructor(parts: TensorCommandParts) {
    this.#parts = parts;
  }

  /** @param argument a node of the tree, a link's target, or nothing: the user picks. */
  async copy(argument: unknown, format?: TextFormat): Promise<void> {
    const picked = await this.#tensorOf(argument);
    const as = picked && (format ?? (await this.#pickFormat()));
    if (!picked || !as) return;
    const { core, translate } = this.#parts;
    const text = this.#done(await core.remote.copy({ uri: picked.uri, tensor: picked.tensor.id, as }));
    if (text === null) return;
    await env.clipboard.writeText(text);
    const { name } = picked.tensor;
    window.setStatusBarMessage(
      inLabel(translate("Copied {name}, {shape}", { name, shape: shapeOf(picked.tensor) })),
      4000,
    );
  }

  async saveNpy(argument: unknown): Promise<void> {
    const picked = await this.#tensorOf(argument);
    if (!picked) return;
    const { uri, tensor } = picked;
    const bytes = this.#done(await this.#parts.core.remote.npy({ uri, tensor: tensor.id }));
    if (!bytes) return;
    const name = `${tensor.name.replace(/[^\w.-]+/g, "_") || "tensor"}.npy`;
    await saveBytes({ name, bytes }, Uri.parse(uri), this.#parts.translate);
  }

  async #tensorOf(argument: unknown): Promise<Picked | null> {
    const target = linkTargetOf(argument);
    if (isTensorNode(argument)) return argument;
    const source = this.#done(await this.#parts.documents.find(target?.uri));
    if (!source) return null;
    const { summary } = source;
    const named = summary.tensors.find(({ id }) => id === target?.tensor);
    const tensor = named ?? (await this.#pickTensor(summary.tensors.filter(({ hasValues }) => hasValues)));
    return tensor ? { uri: summary.uri, tensor } : null;
  }

  async #pickTensor(tensors: readonly TensorSummary[]): Promise<TensorSummary | undefined> {
    const items = tensors.map((tensor) => ({
      tensor,
      label: inLabel(tensor.name || tensor.path),
      description: inLabel(shapeOf(tensor)),
      detail: inLabel(tensor.path),
    }));
    const placeHolder = this.#parts.translate("Which tensor?");
    return (await window.showQuickPick(items, { placeHolder, matchOnDescription: true, matchOnDetail: true }))?.tensor;
  }

  async #pickFormat(): Promise<TextFormat | undefined> {
    const items = [
      { label: "NumPy", format: "numpy" },
      { label: "PyTorch", format: "pytorch" },
      { label: "JSON", format: "json" },
    ] as const;
    return (await window.showQuickPick(items, { placeHolder: this.#parts.translate("Copy as") }))?.format;
  }

  #done<T>(outcome: Outcome<T>): T | null {
    if (outcome.ok) return outcome.value;
    void window.showWarningMessage(inLabel(this.#parts.say(outcome.problem)));
    return null;
  }
}
