import {
  type CancellationToken,
  Disposable,
  EventEmitter,
  MarkdownString,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  type TreeView,
  window,
} from "vscode";
import type { LinkTarget } from "../../explain/blocks.ts";
import { inLabel } from "../../explain/visible.ts";
import { roleName } from "../../explain/words.ts";
import type { DocumentSummary, TensorSummary } from "../../protocol/core.ts";
import { CallError } from "../../protocol/rpc.ts";
import { isTensorFile } from "../../reading/binary/tensorDocument.ts";
import type { Role } from "../../reading/document.ts";
import type { ActiveSource } from "../../sources/activeSource.ts";
import type { CoreSession } from "../../sources/coreSession.ts";
import type { DocumentMirror } from "../../sources/documentMirror.ts";
import { nameOf } from "../../sources/nameOf.ts";
import type { NotebookOutputs } from "../../sources/notebookOutputs.ts";
import type { Translate } from "../../tensor/message.ts";
import { numberText } from "../../tensor/print.ts";
import type { Statistics } from "../../tensor/statistics.ts";
import type { Choices } from "../choices.ts";
import { chosenRoles, recognised, shapeOf } from "../shapes.ts";
import { isTensorNode, type OutputNode, type TensorNode } from "./tensorNode.ts";

export interface TensorsTreeParts {
  readonly core: CoreSession;
  readonly mirror: DocumentMirror;
  readonly source: ActiveSource;
  readonly outputs: NotebookOutputs;
  readonly choices: Choices;
  readonly translate: Translate;
}

type TreeNode = TensorNode | OutputNode;

/** Longer lists help nobody, and larger tensors take too long to look through for a line in a list. */
const maximumTensors = 2000;
const maximumElements = 2 ** 22;

/**
 * **Tensors**: every tensor of the file that the panel follows, with shape, dtype and range. Of a notebook: those of the
 * cell, and below a node each those that cells have put out.
 */
export class TensorsTree implements TreeDataProvider<TreeNode>, Disposable {
  readonly #parts: TensorsTreeParts;
  readonly #changed = new EventEmitter<void>();
  readonly #view: TreeView<TreeNode>;
  readonly #subscriptions: Disposable;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(parts: TensorsTreeParts) {
    this.#parts = parts;
    const { mirror, source, outputs, choices } = parts;
    this.#view = window.createTreeView("attentionLoupe.tensors", { treeDataProvider: this });
    this.#subscriptions = Disposable.from(
      this.#view,
      source.onDidChange(() => this.#changed.fire()),
      outputs.onDidChange(() => this.#changed.fire()),
      mirror.onDidRead(({ uri, draft }) => uri === source.uri && !draft && this.#changed.fire()),
      choices.onDidChange((uri) => uri === source.uri && this.#changed.fire()),
    );
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (node) return isTensorNode(node) ? [] : this.#tensorsOf(node.uri);
    const { outputs, source } = this.#parts;
    const { uri } = source;
    if (uri === null) return [];
    this.#view.description = inLabel(nameOf(uri));
    const written = outputs.beside(uri).map(({ uri, cell }): OutputNode => ({ uri, cell: cell.index + 1 }));
    return outputs.has(uri) ? written : [...(await this.#tensorsOf(uri)), ...written];
  }

  getTreeItem(node: TreeNode): TreeItem {
    return isTensorNode(node) ? this.#tensorItem(node) : this.#outputItem(node);
  }

  #outputItem({ uri, cell }: OutputNode): TreeItem {
    const label = this.#parts.translate("Output of cell {cell}", { cell });
    const item = new TreeItem(label, TreeItemCollapsibleState.Expanded);
    item.id = uri;
    item.iconPath = new ThemeIcon("output");
    item.contextValue = "output";
    return item;
  }

  #tensorItem({ uri, tensor, roles, statistics }: TensorNode): TreeItem {
    const { translate } = this.#parts;
    const item = new TreeItem(inLabel(tensor.name || tensor.path), TreeItemCollapsibleState.None);
    const played = roles.map((role) => roleName(role, translate));
    const range = statistics ? [rangeText(statistics)] : [];
    item.id = `${uri}#${tensor.id}`;
    item.description = inLabel([shapeOf(tensor), tensor.dtype ?? "?", ...range, ...played].join(" · "));
    item.iconPath = new ThemeIcon(roles.length > 0 ? "eye" : tensor.hasValues ? "table" : "circle-slash");
    item.contextValue = tensor.hasValues ? "tensorWithValues" : "tensor";
    const target: LinkTarget = { uri, offset: (tensor.nameRange ?? tensor.range).start };
    // Where there is no text there is nothing to reveal.
    if (isTensorFile(uri)) return item;
    item.command = { title: translate("Reveal in Editor"), command: "attentionLoupe.goTo", arguments: [target] };
    return item;
  }

  /** What takes a pass over the numbers of a large tensor is told when the pointer rests on it. */
  async resolveTreeItem(item: TreeItem, node: TreeNode, _token: CancellationToken): Promise<TreeItem> {
    if (!isTensorNode(node)) return item;
    const { uri, tensor } = node;
    const [statistics] = await this.#statistics(uri, [tensor], Number.POSITIVE_INFINITY);
    const tooltip = new MarkdownString();
    tooltip.appendText([tensor.path, ...(statistics ? this.#lines(statistics) : [])].join("\n"));
    item.tooltip = tooltip;
    return item;
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#changed.dispose();
  }

  async #tensorsOf(uri: string): Promise<TensorNode[]> {
    const summary = this.#parts.mirror.newest(uri);
    if (!summary) return [];
    const shown = summary.tensors.slice(0, maximumTensors);
    const statistics = await this.#statistics(uri, shown, maximumElements);
    const players = this.#players(summary);
    return shown.map((tensor, at) => {
      const roles = players.flatMap(([role, id]) => (id === tensor.id ? [role] : []));
      return { uri, tensor, roles, statistics: statistics[at] ?? null };
    });
  }

  #players(summary: DocumentSummary): [Role, string][] {
    const choice = this.#parts.choices.get(summary.uri);
    const chosen = choice && chosenRoles(summary, choice);
    const sites = chosen ? [chosen] : recognised(summary).map(({ roles }) => roles);
    return sites.flatMap((roles) =>
      (Object.entries(roles) as [Role, TensorSummary][]).map(([role, { id }]): [Role, string] => [role, id]),
    );
  }

  async #statistics(
    uri: string,
    tensors: readonly TensorSummary[],
    limit: number,
  ): Promise<readonly (Statistics | null)[]> {
    const request = { uri, tensors: tensors.map(({ id }) => id), limit: Math.min(limit, Number.MAX_SAFE_INTEGER) };
    return this.#parts.core.remote.statistics(request).catch((error) => noneIfGone(error));
  }

  #lines({ mean, standardDeviation, nan, positiveInfinity, negativeInfinity, ...limits }: Statistics): string[] {
    const { translate } = this.#parts;
    const infinite = positiveInfinity + negativeInfinity;
    return [
      rangeText(limits),
      translate("mean {mean}, standard deviation {deviation}", {
        mean: numberText(mean),
        deviation: numberText(standardDeviation),
      }),
      ...(nan + infinite > 0 ? [translate("{nan} NaN, {infinite} infinite", { nan, infinite })] : []),
    ];
  }
}

function rangeText({ minimum, maximum }: Pick<Statistics, "minimum" | "maximum">): string {
  return `${numberText(minimum)} … ${numberText(maximum)}`;
}

/** Closed while it was asked: there is nothing to tell. */
function noneIfGone(error: unknown): never[] {
  if (CallError.is(error) && error.reason !== "failed") return [];
  throw error;
}
