import type { ChosenTensors, DocumentSummary, SiteSummary, TensorSummary } from "../protocol/core.ts";
import type { Dim, Role, TextRange } from "../reading/document.ts";
import type { Translate } from "../tensor/message.ts";
import { shapeText } from "../tensor/tensor.ts";

const letters: Readonly<Record<Role, string>> = {
  query: "Q",
  key: "K",
  value: "V",
  mask: "mask",
  scores: "scores",
  weights: "weights",
  output: "output",
};

/** Who plays what, in one line: `Q 4×8 · K 6×8 · V 6×8`. */
export function rolesText(roles: SiteSummary["roles"]): string {
  const shown: readonly Role[] = roles.query ? ["query", "key", "value", "mask"] : ["weights"];
  return shown.flatMap((role) => (roles[role] ? [`${letters[role]} ${shapeOf(roles[role])}`] : [])).join(" · ");
}

/** How large the attention is, in one line: `batch 2 · 4 heads · 10×12`; sizes without a number by their name. */
export function sizesText(
  { roles, sampled, axes }: Pick<SiteSummary, "roles" | "sampled" | "axes">,
  translate: Translate,
): string {
  const { query, key, weights } = roles;
  const front = (query ?? weights)?.shape ?? [];
  const [queries, keys] = query ? [query.shape?.at(-2), key?.shape?.at(-2)] : front.slice(-2);
  const [batch, heads] = [front.at(-4) ?? 1, front.at(-3) ?? 1];
  const layers =
    axes?.batch?.meaning === "layer" && new Set(axes.batch.labels?.map((label) => label.split(" ")[0])).size;
  const parts = [
    ...(layers ? [translate("{count} layers", { count: layers })] : []),
    ...(batch === 1 || layers ? [] : [translate("batch {size}", { size: batch })]),
    ...(heads === 1 ? [] : [headsText(heads, translate)]),
    ...(queries && keys ? [shapeText([queries, keys])] : []),
    ...(sampled ? [translate("sampled")] : []),
  ];
  return parts.join(" · ");
}

/** A name that says what it counts needs no word more: `n_heads`. */
function headsText(heads: Dim, translate: Translate): string {
  return typeof heads === "string" && /head/i.test(heads) ? heads : translate("{heads} heads", { heads: heads ?? "?" });
}

export function shapeOf({ shape }: Pick<TensorSummary, "shape">): string {
  return shape === null ? "?" : shapeText(shape);
}

/** The sites that are shown unasked. */
export function recognised({ sites }: DocumentSummary): readonly SiteSummary[] {
  return sites.filter(({ certainty }) => certainty === "recognised");
}

/** The tensors that a choice names, by role; null if one of them is no longer in the document. */
export function chosenRoles({ tensors }: DocumentSummary, choice: ChosenTensors): SiteSummary["roles"] | null {
  const roles = Object.entries(choice).map(([role, id]) => [role, tensors.find((tensor) => tensor.id === id)] as const);
  return roles.every(([, tensor]) => tensor) ? Object.fromEntries(roles) : null;
}

/** Whether a place is in the name or the numbers of one of these tensors: what is wrong there concerns them. */
export function isAbout({ start, end }: TextRange, roles: SiteSummary["roles"]): boolean {
  const places = Object.values(roles).flatMap(({ range, nameRange }) => [range, ...(nameRange ? [nameRange] : [])]);
  return places.some((place) => start < place.end && place.start < end);
}
