import { dimsOf, elements, type TensorValue } from "../run/tensorValue.ts";
import { source, untransposed } from "./copies.ts";
import { isProduct } from "./product.ts";

/** What is found on the way from softmax's input back to the product that made the scores. */
export interface Scores {
  readonly product: TensorValue;
  /** For each axis of softmax's input, which axis of the product it is; null where the rank is not known. */
  readonly axes: readonly number[] | null;
  /** What the product was multiplied by; null where that is not known. */
  readonly scale: number | null;
  /** The cap c of `c · tanh(scaled / c)`; null where that is not known, absent without one. */
  readonly softcap?: number | null;
  readonly masks: readonly Mask[];
  /** What the product became on its way into softmax. */
  readonly stages: readonly Stage[];
}

/** The product multiplied by a number, and capped (`scaled`); with a mask on it, and whatever came after (`masked`). */
export interface Stage {
  readonly tensor: TensorValue;
  readonly part: "scaled" | "masked";
  /** For each axis of softmax's input, which axis it is here; null where the rank is not known. */
  readonly axes: readonly number[] | null;
}

/** `keep`: true may attend; `drop`: true may not; `add`: added to the scores, after it was multiplied by `factor`. */
export interface Mask {
  readonly tensor: TensorValue;
  readonly kind: "keep" | "drop" | "add";
  readonly factor: number | null;
  /** For each axis of softmax's input, which axis of the scores it was when they were masked. */
  readonly axes: readonly number[] | null;
}

/** A step back, with all that came after it. */
interface Walk {
  readonly at: TensorValue;
  readonly axes: readonly number[] | null;
  readonly scale: number | null;
  readonly softcap?: number | null;
  readonly masks: readonly Mask[];
}

/** More steps than this between product and softmax are not followed. */
const longest = 16;

/** Walks back from the scores as they enter softmax; null where no product of two tensors made them. */
export function scoresOf(input: TensorValue): Scores | null {
  let walk: Walk | null = { at: input, axes: dimsOf(input)?.map((_, axis) => axis) ?? null, scale: 1, masks: [] };
  const passed: Pick<Stage, "tensor" | "axes">[] = [];
  let unmasked = 0;
  for (let steps = 0; steps < longest && walk; steps++) {
    const { tensor, axes: order } = untransposed(walk.at);
    walk = { ...walk, at: tensor, axes: walk.axes && order && walk.axes.map((axis) => order[axis]!) };
    if (isProduct(tensor)) {
      const stages = passed.map((at, back): Stage => ({ ...at, part: back < unmasked ? "masked" : "scaled" }));
      const { axes, scale, softcap, masks } = walk;
      return { product: tensor, axes, scale, ...(softcap !== undefined && { softcap }), masks, stages };
    }
    passed.push({ tensor, axes: walk.axes });
    const masks: number = walk.masks.length;
    walk = stepBack(walk);
    if (walk && walk.masks.length > masks) unmasked = passed.length;
  }
  return null;
}

function stepBack(walk: Walk): Walk | null {
  const { by } = walk.at;
  const [first, second, third] = by?.inputs ?? [];
  if (by?.operation === "tanh" && first) return capped(walk, first, 1);
  if (!by || !first || !second) return null;
  switch (by.operation) {
    case "mul":
    case "truediv":
      return scaled(walk, by.operation, first, second);
    case "masked_fill":
      return isLow(third) ? masked(walk, first, second, "drop") : null;
    case "where":
      if (!third) return null;
      if (isScalar(third)) return isLow(third) ? masked(walk, second, first, "keep") : null;
      return isScalar(second) && isLow(second) ? masked(walk, third, first, "drop") : null;
    case "add":
      return leadsToProduct(first)
        ? masked(walk, first, second, "add")
        : leadsToProduct(second)
          ? masked(walk, second, first, "add")
          : null;
    case "sub":
      return leadsToProduct(first) ? masked(walk, first, second, "add", -1) : null;
    default:
      return null;
  }
}

function scaled(walk: Walk, operation: string, first: TensorValue, second: TensorValue): Walk | null {
  const [at, number] = isScalar(second) ? [first, second] : [second, first];
  if (!isScalar(number) || (operation === "truediv" && number === first)) return null;
  const { by } = source(at);
  if (by?.operation === "tanh" && by.inputs[0]) return capped(walk, by.inputs[0], factorOf(operation, number));
  return { ...walk, at, scale: times(walk.scale, factorOf(operation, number)) };
}

/** Before `cap · tanh(bent)`: `bent` is the scaled scores by the cap. Only masks may come after it, and none before. */
function capped(walk: Walk, bent: TensorValue, cap: number | null): Walk | null {
  if (walk.scale !== 1 || walk.softcap !== undefined || (cap !== null && cap <= 0)) return null;
  const { by } = source(bent);
  const [inner, divisor] = by?.inputs ?? [];
  if (cap !== null && by?.operation === "truediv" && inner && divisor && isScalar(divisor) && scalarOf(divisor) === cap)
    return { ...walk, at: inner, softcap: cap };
  return { ...walk, at: bent, softcap: cap, scale: cap };
}

/** null for what is masked before it is capped: a cap would let −∞ attend again. */
function masked(walk: Walk, at: TensorValue, tensor: TensorValue, kind: Mask["kind"], sign = 1): Walk | null {
  if (walk.softcap !== undefined) return null;
  const mask: Mask = { tensor, kind, factor: times(walk.scale, sign), axes: walk.axes };
  return { ...walk, at, masks: [...walk.masks, mask] };
}

/** What multiplying or dividing by a scalar multiplies by; null where that is not known. */
export function factorOf(operation: string, number: TensorValue): number | null {
  const value = scalarOf(number);
  if (value === null || value === 0) return null;
  return operation === "mul" ? value : 1 / value;
}

export function times(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a * b;
}

function leadsToProduct(t: TensorValue): boolean {
  return scoresOf(t) !== null;
}

export function isScalar(t: TensorValue): boolean {
  return dimsOf(t)?.every((d) => d === 1) ?? false;
}

function scalarOf(t: TensorValue): number | null {
  const data = elements(t);
  return data?.length === 1 ? Number(data[0]) : null;
}

/** What stands in for a score that may not count: a large negative number, or one that is not known. */
function isLow(t: TensorValue | undefined): boolean {
  const value = t && scalarOf(source(t));
  return value === undefined || value === null || value <= -1000;
}
