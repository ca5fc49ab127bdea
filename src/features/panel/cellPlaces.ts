import type { RangesRequest, ResultSummary } from "../../protocol/core.ts";
import type { Role } from "../../reading/document.ts";

/** A cell of the weights, or a whole row of them where `key` is null. */
export interface Cell {
  readonly batch: number;
  readonly head: number;
  readonly query: number;
  readonly key: number | null;
}

export interface CellPlace extends RangesRequest {
  readonly role: "query" | "key";
}

/**
 * What is written of a cell: first the row of Q, or the weight itself where weights are given; then the rows of K and V,
 * its place in a mask, in scores and weights that stand beside them, and the row of an output.
 */
export function cellPlaces(
  { uri, roles, sizes }: Pick<ResultSummary, "uri" | "roles" | "sizes">,
  cell: Cell,
): CellPlace[] {
  const places: CellPlace[] = [];
  const put = (role: CellPlace["role"], player: Role, head: number, row: number, of: "row" | "element", column = 0) => {
    const tensor = roles[player];
    const element = tensor && elementOf(tensor.shape, [cell.batch, head, row, column]);
    if (element != null) places.push({ role, uri, tensor: tensor!.id, elements: [element], of });
  };
  if (!roles.query)
    put("query", "weights", cell.head, cell.query, cell.key === null ? "row" : "element", cell.key ?? 0);
  else put("query", "query", cell.head, cell.query, "row");
  const keyHead = Math.floor((cell.head * sizes.kvHeads) / sizes.heads);
  if (roles.query && cell.key !== null) {
    put("key", "key", keyHead, cell.key, "row");
    put("key", "value", keyHead, cell.key, "row");
    for (const role of ["mask", "scores", "weights"] as const)
      put("key", role, cell.head, cell.query, "element", cell.key);
  }
  if (roles.query) put("query", "output", cell.head, cell.query, "row");
  return places;
}

/** The row-major number of `[batch, head, row, column]` in a tensor that may lack leading axes or have them of size 1. */
export function elementOf(shape: readonly (number | string | null)[] | null, index: readonly number[]): number | null {
  if (!shape || shape.length < 2 || shape.length > 4) return null;
  let flat = 0;
  for (const [axis, size] of shape.entries()) {
    const at = index[index.length - shape.length + axis]!;
    if (typeof size !== "number") return null;
    flat = flat * size + (size === 1 ? 0 : at);
  }
  return flat;
}
