import { sizeText } from "../run/dims.ts";
import type { Recorder } from "../run/recorder.ts";
import { dimsOf, dtypeOf, type TensorValue } from "../run/tensorValue.ts";
import type { Expr } from "../syntax/ast.ts";

/** From so many tensors of one expression on, only one of each shape and dtype is kept. */
const keptPerPlace = 64;

type Seen = Map<Expr, TensorValue[]>;
type Kind = "tensors" | "targets" | "attention" | "firsts";

/** A stretch of a statement, such as a function. */
interface Stretch {
  readonly unit: unknown;
  readonly start: number;
  readonly end: number;
}

/**
 * What each expression was, in the order in which it was seen. What the program did counts alone; for what it did not
 * do, functions are run with names for sizes: then what a function tells of itself counts before what it was when
 * another one called it.
 */
export class Records implements Recorder {
  readonly tensors: Seen = new Map();
  /** Names and attributes that were bound to a tensor. */
  readonly targets: Seen = new Map();
  /** Of calls of a library: the attention that it computed inside, each time. */
  readonly attention: Seen = new Map();
  /** Calls that gave several values, by the first of them. */
  readonly firsts: Seen = new Map();

  private journal: { readonly into: Seen; readonly e: Expr; readonly tensor: TensorValue }[] = [];
  private seenInRun: ReadonlySet<Expr> | null = null;
  private root: Stretch | null = null;
  private readonly nested = {
    tensors: new Map() as Seen,
    targets: new Map() as Seen,
    attention: new Map() as Seen,
    firsts: new Map() as Seen,
  };

  /** The run has ended: further notes are suppositions. */
  endRun(): void {
    this.seenInRun = new Set([...this.tensors.keys(), ...this.targets.keys(), ...this.attention.keys()]);
    this.journal = [];
  }

  suppose(root: Stretch): void {
    this.root = root;
  }

  /**
   * What a hover shows: where a function that nobody calls does not tell by itself what an expression is, what it was
   * when another such function called it, if that leaves nothing open.
   */
  shown(kind: Kind): Seen {
    const merged: Seen = new Map(this[kind]);
    for (const [e, seen] of this.nested[kind]) {
      const own = merged.get(e);
      if (own?.every(isWhole)) continue;
      const whole = seen.filter(isWhole);
      if (whole.length > 0 || !own) merged.set(e, whole.length > 0 ? whole : seen);
    }
    return merged;
  }

  /**
   * What is told of a place: like `shown`, but what callers suppose counts only where all of them suppose one rank and
   * one dtype, and only sizes with names: a number is that of one caller.
   */
  told(kind: "tensors" | "targets"): Seen {
    const merged: Seen = new Map(this[kind]);
    const isSure = (t: TensorValue): boolean => isWhole(t) && !isCommented(t);
    for (const [e, seen] of this.nested[kind]) {
      if (merged.get(e)?.every(isSure)) continue;
      const whole = seen.filter(isSure);
      if (whole.length > 0 && agree(whole) && whole.every(isOfNames)) merged.set(e, whole);
    }
    return merged;
  }

  mark(): number {
    return this.journal.length;
  }

  undo(from: number, to = this.journal.length): void {
    for (const { into, e, tensor } of this.journal.splice(from, to - from).reverse()) {
      const seen = into.get(e);
      const at = seen?.lastIndexOf(tensor) ?? -1;
      if (at >= 0) seen!.splice(at, 1);
      if (seen?.length === 0) into.delete(e);
    }
  }

  /** The tensors that were noted since a mark. */
  since(mark: number): TensorValue[] {
    return this.journal.slice(mark).map(({ tensor }) => tensor);
  }

  note(e: Expr, tensor: TensorValue): void {
    this.add("tensors", e, tensor);
  }

  noteTarget(e: Expr, tensor: TensorValue): void {
    this.add("targets", e, tensor);
  }

  noteFirst(e: Expr, tensor: TensorValue): void {
    this.add("firsts", e, tensor);
  }

  noteAttention(call: Expr, tensor: TensorValue): void {
    this.add("attention", call, tensor);
  }

  freeze(tensor: TensorValue): void {
    const copy = { ...tensor };
    for (const seen of [this.tensors, this.nested.tensors])
      for (const list of seen.values()) replace(list, tensor, copy);
    this.journal = this.journal.map((entry) =>
      entry.tensor === tensor && this.notes(entry.into) ? { ...entry, tensor: copy } : entry,
    );
  }

  private notes(into: Seen): boolean {
    return into === this.tensors || into === this.nested.tensors;
  }

  private add(kind: Kind, e: Expr, tensor: TensorValue): void {
    if (e.unit.foreign || this.seenInRun?.has(e)) return;
    const own =
      !this.seenInRun ||
      (this.root && e.unit === this.root.unit && e.start >= this.root.start && e.end <= this.root.end);
    const into = own ? this[kind] : this.nested[kind];
    this.journal.push({ into, e, tensor });
    const seen = into.get(e);
    if (!seen) into.set(e, [tensor]);
    else if (seen.at(-1) !== tensor) {
      seen.push(tensor);
      if (seen.length % keptPerPlace === 0) into.set(e, lastOfEach(seen));
    }
  }
}

/** The last of those that have one shape and one dtype. */
function lastOfEach(seen: readonly TensorValue[]): TensorValue[] {
  const last = new Map<string, TensorValue>();
  for (const t of seen) {
    const key = `${dimsOf(t)?.map(sizeText).join()} ${dtypeOf(t)}`;
    last.delete(key);
    last.set(key, t);
  }
  return [...last.values()];
}

/** Its sizes are only what a comment says: hovers show them with that remark, lists leave them out. */
export function isCommented(t: TensorValue): boolean {
  return t.why?.code === "python.commented";
}

/** Nothing of its shape or dtype is open. */
function isWhole(t: TensorValue): boolean {
  return dtypeOf(t) !== null && (dimsOf(t)?.every((d) => d !== null) ?? false);
}

/** No size but 1 is a number. */
function isOfNames(t: TensorValue): boolean {
  return dimsOf(t)!.every((d) => d === 1 || typeof d !== "number");
}

/** All of one rank and one dtype. */
function agree(tensors: readonly TensorValue[]): boolean {
  const [first] = tensors;
  return tensors.every((t) => dimsOf(t)!.length === dimsOf(first!)!.length && dtypeOf(t) === dtypeOf(first!));
}

function replace(list: TensorValue[], tensor: TensorValue, copy: TensorValue): void {
  for (let at = list.indexOf(tensor); at >= 0; at = list.indexOf(tensor, at + 1)) list[at] = copy;
}
