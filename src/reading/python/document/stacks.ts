import type { RunningFunction } from "../run/recorder.ts";
import { dimsOf, type TensorValue } from "../run/tensorValue.ts";
import type { InstanceValue } from "../run/values.ts";
import type { Expr } from "../syntax/ast.ts";

/** What one of several modules that run the same code made at one place, the last time. */
export interface Made {
  readonly tensor: TensorValue;
  readonly input: TensorValue | null;
  /** The functions on the way here, and the innermost call: of one stack all are the same. */
  readonly way: readonly unknown[];
}

/** More modules than this at one place are no stack that anybody looks at. */
const most = 64;

/** Products and calls that may end in attention. */
const ends: ReadonlySet<string> = new Set(["matmul", "einsum", "scaled_dot_product_attention"]);

/** Keeps what each module of a stack made: they run the same code, so each takes the place of the one before. */
export class Stacks {
  readonly running: RunningFunction[] = [];
  private readonly made = new Map<Expr, Map<InstanceValue, Made>>();

  note(e: Expr, tensor: TensorValue): void {
    if (this.running.length === 0 || !tensor.by || !ends.has(tensor.by.operation)) return;
    const owner = this.running.findLast(({ self }) => self?.kind === "instance");
    if (!owner) return;
    const seen = this.made.get(e) ?? new Map<InstanceValue, Made>();
    this.made.set(e, seen);
    const self = owner.self as InstanceValue;
    // The order is that of the last calls.
    seen.delete(self);
    if (seen.size < most)
      seen.set(self, {
        tensor,
        input: owner.input,
        way: [...this.running.map(({ node }) => node), this.running.at(-1)!.at],
      });
  }

  /** What modules made here on the same way as this tensor and in its shape, this one last; null where no others did. */
  of(e: Expr, tensor: TensorValue): readonly Made[] | null {
    const all = [...(this.made.get(e)?.values() ?? [])];
    const last = all.at(-1);
    if (last?.tensor !== tensor || all.length === most) return null;
    const stack = all.filter(({ way, tensor: other }) => sameWay(way, last.way) && sameSizes(other, tensor));
    return stack.length > 1 ? stack : null;
  }
}

/**
 * The modules as `[layer][module of one input]`: those that are given one tensor stand side by side, and each layer is
 * made of the one before. null where it is otherwise, and where layers differ in number.
 */
export function layersOf(stack: readonly Made[]): Made[][] | null {
  const layers: Made[][] = [];
  for (const made of stack) {
    const layer = layers.at(-1);
    if (layer && layer[0]!.input === made.input && made.input) layer.push(made);
    else if (!layer || (made.input && layer.some(({ tensor }) => leadsTo(tensor, made.input!)))) layers.push([made]);
    else return null;
  }
  return layers.every((layer) => layer.length === layers[0]!.length) ? layers : null;
}

/** More tensors than this between two layers are not looked through. */
const farthest = 2000;

function leadsTo(from: TensorValue, to: TensorValue): boolean {
  const seen = new Set<TensorValue>([to]);
  for (const tensor of seen) {
    if (tensor === from) return true;
    if (seen.size > farthest) return false;
    for (const input of tensor.by?.inputs ?? []) seen.add(input);
  }
  return false;
}

function sameWay(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((each, at) => each === b[at]);
}

function sameSizes(a: TensorValue, b: TensorValue): boolean {
  const [left, right] = [dimsOf(a), dimsOf(b)];
  return (
    left?.length === right?.length &&
    Boolean(left?.every((size, at) => typeof size === "number" && size === right![at]))
  );
}
