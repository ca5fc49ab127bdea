import type { ResultSummary, TensorSummary } from "../../protocol/core.ts";
import type { PanelIntent } from "../../protocol/panel.ts";
import { elementOf } from "./cellPlaces.ts";

/** A number of an input and its new value, as a page names them. */
export type InputNumber = Extract<PanelIntent, { kind: "edit" }>["number"];
/** A number of an input by its place. */
export type InputPlace = Omit<InputNumber, "value">;

/** The tensor that a number of an input belongs to, and its row-major place there; null where there is none. */
export function inputPlace(
  { roles, sizes }: Pick<ResultSummary, "roles" | "sizes">,
  { role, batch, head, row, column }: InputPlace,
): { tensor: TensorSummary; element: number } | null {
  const tensor = roles[role];
  const shared = role === "key" || role === "value";
  const ownHead = shared ? Math.floor((head * sizes.kvHeads) / sizes.heads) : head;
  const element = tensor ? elementOf(tensor.shape, [batch, ownHead, row, column]) : null;
  return tensor && element !== null ? { tensor, element } : null;
}
