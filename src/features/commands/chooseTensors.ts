import { type QuickPickItem, type TextDocument, window } from "vscode";
import { inLabel } from "../../explain/visible.ts";
import type { ChosenTensors, DocumentSummary, TensorSummary } from "../../protocol/core.ts";
import type { SourceDocument, SourceDocuments } from "../../sources/sourceDocuments.ts";
import type { Message, Translate } from "../../tensor/message.ts";
import type { Choices } from "../choices.ts";
import type { Panels } from "../panel/panels.ts";
import { recognised, shapeOf } from "../shapes.ts";
import { candidates, type InputRole, inputRoles, type Settled, settle } from "./fits.ts";

/** Ids of tensors whose part is settled already. */
export type GivenRoles = { readonly [R in InputRole]?: string };

interface TensorItem extends QuickPickItem {
  readonly tensor: TensorSummary;
  /** One matrix as query, key and value; or one that is the weights already. */
  readonly as?: "self" | "weights";
}

export interface ChooseParts {
  readonly documents: SourceDocuments;
  readonly choices: Choices;
  readonly panels: Panels;
  readonly translate: Translate;
  readonly say: (message: Message) => string;
}

/** **Attention: Choose Query, Key and Value…**: for files whose names do not say which is which. */
export class ChooseTensors {
  readonly #parts: ChooseParts;

  constructor(parts: ChooseParts) {
    this.#parts = parts;
  }

  async run(uri?: string, query?: string): Promise<void> {
    const found = await this.#parts.documents.find(uri);
    if (found.ok) await this.choose(found.value, query === undefined ? {} : { query });
    else void window.showInformationMessage(inLabel(this.#parts.say(found.problem)));
  }

  /** Shows a tensor as weights that are given. */
  async useAsWeights(uri: string, weights: string): Promise<void> {
    await this.#take(uri, { weights });
  }

  /** Gives one tensor a part. The others keep theirs as far as they fit it. */
  async useAs(uri: string, tensor: string, role: InputRole): Promise<void> {
    const found = await this.#parts.documents.find(uri);
    if (!found.ok) return;
    const { summary } = found.value;
    const chosen = this.#parts.choices.get(summary.uri);
    const now = chosen && "query" in chosen ? chosen : idsOf(recognised(summary)[0]?.roles ?? {});
    await this.choose(found.value, { ...now, [role]: tensor }, role);
  }

  /**
   * Asks for the parts that are not given, and for those that do not fit together.
   * @param first the part that gives way to no other.
   */
  async choose({ summary, document }: SourceDocument, given: GivenRoles, first?: InputRole): Promise<void> {
    const choice = await this.#ask(summary, document, given, first);
    if (choice) await this.#take(summary.uri, choice);
  }

  async #take(uri: string, choice: ChosenTensors): Promise<void> {
    await this.#parts.choices.set(uri, choice);
    await this.#parts.panels.show(uri, null);
  }

  async #ask(
    summary: DocumentSummary,
    document: TextDocument | null,
    given: GivenRoles,
    first?: InputRole,
  ): Promise<ChosenTensors | null> {
    const matrices = summary.tensors.filter(({ hasValues, shape }) => hasValues && (shape?.length ?? 0) >= 2);
    let settled = settle(matrices, given, first);
    for (const role of inputRoles) {
      if (settled[role]) continue;
      const offers = [
        ...this.#offers(summary, role, settled),
        ...this.#items(candidates(matrices, role, settled), document),
      ];
      const picked = await this.#pick(offers, role, settled);
      if (!picked) return null;
      const { tensor } = picked;
      if (picked.as === "weights") return { weights: tensor.id };
      settled = picked.as === "self" ? { query: tensor, key: tensor, value: tensor } : { ...settled, [role]: tensor };
    }
    return { query: settled.query!.id, key: settled.key!.id, value: settled.value!.id };
  }

  #pick(items: readonly TensorItem[], role: InputRole, { query }: Settled): Thenable<TensorItem | undefined> {
    const title = this.#parts.translate("Attention: Choose Query, Key and Value");
    const placeHolder = inLabel(this.#purpose(role, query));
    const shown = items.map((item) => ({
      ...item,
      label: inLabel(item.label),
      description: inLabel(item.description ?? ""),
      detail: inLabel(item.detail ?? ""),
    }));
    return window.showQuickPick(shown, { title, placeHolder, matchOnDescription: true, matchOnDetail: true });
  }

  /** What settles everything at once comes first. */
  #offers(summary: DocumentSummary, role: InputRole, { query, key, value }: Settled): TensorItem[] {
    if (role === "key" && query && !value) return [this.#self(query)];
    if (role !== "query" || key || value) return [];
    return summary.sites.flatMap(({ certainty, roles: { weights } }) =>
      certainty === "possible" && weights ? [this.#weights(weights)] : [],
    );
  }

  #items(tensors: readonly TensorSummary[], document: TextDocument | null): TensorItem[] {
    return tensors.map((tensor) => {
      const detail = this.#place(tensor, document);
      return { tensor, label: tensor.name || tensor.path, description: shapeOf(tensor), detail };
    });
  }

  #place({ path, range, nameRange }: TensorSummary, document: TextDocument | null): string {
    if (!document) return path;
    const line = document.positionAt((nameRange ?? range).start).line + 1;
    return this.#parts.translate("{path}, line {line}", { path, line });
  }

  #self(tensor: TensorSummary): TensorItem {
    const name = tensor.name || tensor.path;
    const label = this.#parts.translate("Self-attention: {name} as query, key and value", { name });
    return { tensor, as: "self", label, description: shapeOf(tensor) };
  }

  #weights(tensor: TensorSummary): TensorItem {
    const { translate } = this.#parts;
    const label = translate("Weights, as they are: {name}", { name: tensor.name || tensor.path });
    return { tensor, as: "weights", label, description: shapeOf(tensor), detail: translate("Its rows sum to 1.") };
  }

  #purpose(role: InputRole, query: TensorSummary | undefined): string {
    const { translate } = this.#parts;
    if (role === "query") return translate("Query: what looks for something");
    if (role === "value") return translate("Value: what is summed with the weights");
    return translate("Key: what {name} is compared with", { name: query?.name || query?.path || "" });
  }
}

function idsOf(roles: { readonly [R in InputRole]?: TensorSummary }): GivenRoles {
  return Object.fromEntries(inputRoles.flatMap((role) => (roles[role] ? [[role, roles[role].id]] : [])));
}
