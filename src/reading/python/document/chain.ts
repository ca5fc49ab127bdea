import { dimsOf, elements, type TensorValue } from "../run/tensorValue.ts";

/** What is found on the way from softmax's input back to the product that made the scores. */
export interface Scores {
  readonly query: TensorValue;
  /** As it was multiplied: `[…, E, S]`, or an operand of einsum. */
  readonly keyOperand: TensorValue;
  readonly product: TensorValue;
  /** What the product was multiplied by; null where that is not known. */
  readonly scale: number | null;
  readonly masks: readonly Mask[];
}

/** `keep`: true may attend; `drop`: true may not; `add`: added to the scores. */
export interface Mask {
  readonly tensor: TensorValue;
  readonly kind: "keep" | "drop" | "add";
}

const copies: ReadonlySet<string> = new Set([
  "copy",
  "convert",
  "contiguous",
  "detach",
  "dropout",
  "clone",
  "to",
  "either",
  "identity",
]);

/** The tensor that this one is a copy of, or the same with some elements dropped. */
export function source(t: TensorValue): TensorValue {
  let at = t;
  while (at.by && copies.has(at.by.operation) && at.by.inputs[0]) at = at.by.inputs[0];
  return at;
}

/** The input of softmax that `t` is the result of, written as a call or by hand; null where it is none. */
export function softmaxInput(t: TensorValue): TensorValue | null {
  const made = source(t);
  const { by } = made;
  if (!by) return null;
  if (by.operation === "softmax") return by.inputs[0] ?? null;
  if (by.operation !== "truediv") return null;
  const [top, bottom] = by.inputs.map(source);
  const total = bottom?.by && (bottom.by.operation === "sum" || bottom.by.operation === "unsqueeze") ? bottom : null;
  const summed = total?.by?.operation === "unsqueeze" ? source(total.by.inputs[0]!) : total;
  if (top?.by?.operation !== "exp" || summed?.by?.operation !== "sum" || source(summed.by.inputs[0]!) !== top)
    return null;
  const inside = source(top.by.inputs[0]!);
  return inside.by?.operation === "sub" && isMaximum(inside.by.inputs[1]) ? inside.by.inputs[0]! : inside;
}

function isMaximum(t: TensorValue | undefined): boolean {
  const made = t && source(t);
  const inner = made?.by?.operation === "unsqueeze" ? made.by.inputs[0] : made;
  return inner?.by?.operation === "amax";
}

const products: ReadonlySet<string> = new Set(["matmul", "einsum", "bmm"]);

export function isProduct(t: TensorValue): boolean {
  return t.by !== null && products.has(t.by.operation) && t.by.inputs.length === 2;
}

/** Walks back from the scores as they enter softmax; null where no product of two tensors made them. */
export function scoresOf(input: TensorValue): Scores | null {
  const masks: Mask[] = [];
  let scale: number | null = 1;
  let at = source(input);
  for (let steps = 0; steps < 16 && at.by; steps++) {
    const { operation, inputs } = at.by;
    if (isProduct(at)) return { query: inputs[0]!, keyOperand: inputs[1]!, product: at, scale, masks };
    const [first, second, third] = inputs;
    if ((operation === "truediv" || operation === "mul") && first && second) {
      const [tensor, number] = isScalar(second) ? [first, second] : [second, first];
      if (!isScalar(number)) return null;
      const value = scalarOf(number);
      scale =
        scale === null || value === null || value === 0 ? null : operation === "mul" ? scale * value : scale / value;
      at = source(tensor);
    } else if (operation === "masked_fill" && first && second) {
      masks.push({ tensor: second, kind: "drop" });
      at = source(first);
    } else if (operation === "where" && first && second && third) {
      const keeps = isScalar(third);
      masks.push({ tensor: first, kind: keeps ? "keep" : "drop" });
      at = source(keeps ? second : third);
    } else if (operation === "add" && first && second) {
      const [scores, mask] = leadsToProduct(first) ? [first, second] : [second, first];
      if (!leadsToProduct(scores)) return null;
      masks.push({ tensor: mask, kind: "add" });
      at = source(scores);
    } else return null;
  }
  return null;
}

function leadsToProduct(t: TensorValue): boolean {
  return scoresOf(t) !== null;
}

function isScalar(t: TensorValue): boolean {
  const dims = dimsOf(t);
  return dims?.every((d) => d === 1) ?? false;
}

function scalarOf(t: TensorValue): number | null {
  const data = elements(t);
  return data?.length === 1 ? Number(data[0]) : null;
}
