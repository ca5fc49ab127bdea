import type { Expr, FunctionNode, Parameter } from "../syntax/ast.ts";
import type { TensorValue } from "./tensorValue.ts";
import type { InstanceValue, Value } from "./values.ts";

/** What a call gives each parameter. */
type Bound = ReadonlyMap<string, Value>;

/** A function of the program that is running: its text, the call, its first argument, and the first tensor that it got. */
export interface RunningFunction {
  readonly node: object;
  readonly at: Expr | null;
  readonly self: Value | null;
  readonly input: TensorValue | null;
}

/** A part of a file, perhaps with a name. */
export interface Stretch {
  readonly name?: string;
  readonly unit: unknown;
  readonly start: number;
  readonly end: number;
}

/** Takes note of what each expression was, each time it was evaluated. */
export interface Recorder {
  /** `watched`: it may be taken back. */
  note(e: Expr, tensor: TensorValue, watched: boolean): void;
  /** In what nobody calls: it was something else than a tensor. */
  noteOther(e: Expr): void;
  /** What follows is what this function, whom nobody calls, would do, or the class of this constructor. */
  suppose(root: Stretch): void;
  /** How much has been noted. */
  mark(): number;
  /** Takes back what was noted between two marks: the branch that noted it is not taken. */
  undo(from: number, to?: number): void;
  /** A call gave several values: this is the first of them. */
  noteFirst(e: Expr, tensor: TensorValue, watched: boolean): void;
  /** A name or an attribute was bound to it. */
  noteTarget(e: Expr, tensor: TensorValue, watched: boolean): void;
  /** It was a layer. */
  noteLayer(e: Expr, layer: InstanceValue): void;
  /** A name or an attribute was bound to a layer. */
  noteLayerTarget(e: Expr, layer: InstanceValue): void;
  /** A name or an attribute was bound to a whole number, or to a size that has only a name. */
  noteSize(target: Expr, value: Value): void;
  /** The program called a function with these arguments. */
  noteCall(f: { readonly node: FunctionNode | null; readonly parameters: readonly Parameter[] }, bound: Bound): void;
  /** A call, perhaps deep inside a library, computed attention: `tensor.by` says from what. */
  noteAttention(call: Expr, tensor: TensorValue, watched: boolean): void;
  /** Runs a function of the program. */
  inCall<T>(running: RunningFunction, run: () => T): T;
  /** Runs the layers of a library's stack: the attention of each of them is kept, not only that of the last. */
  inLayers<T>(call: Expr | null, count: number, run: () => T): T;
  /** It is about to get another shape or dtype: what was noted of it stays as it was. */
  freeze(tensor: TensorValue): void;
}
