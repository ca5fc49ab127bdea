import { bareName, isNameless, type Size, same, sizeText } from "../run/dims.ts";
import type { Recorder, RunningFunction, Stretch } from "../run/recorder.ts";
import { dimsOf, dtypeOf, type TensorValue } from "../run/tensorValue.ts";
import type { InstanceValue, Value } from "../run/values.ts";
import type { Expr, FunctionNode } from "../syntax/ast.ts";
import { GivenArguments } from "./givenArguments.ts";
import { Layers } from "./layers.ts";
import { Stacks } from "./stacks.ts";

/** From so many tensors of one expression on, only one of each shape and dtype is kept. */
const keptPerPlace = 64;

type Seen = Map<Expr, TensorValue[]>;
type Kind = "tensors" | "targets" | "attention" | "firsts";

/** A tensor that was noted while it may be taken back, and the one whose place it took. */
interface Note {
  readonly into: Seen;
  readonly e: Expr;
  tensor: TensorValue;
  readonly instead: TensorValue | null;
}

/** A name or an attribute that was bound to a size. */
export interface BoundSize {
  readonly target: Expr;
  readonly size: Size;
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
  /** Of calls of a library's stack of layers: the attention of each layer, the last time. */
  readonly layers: Seen = new Map();
  readonly layerPlaces = new Layers();
  private noting: TensorValue[] | null = null;
  /** What each of several modules that run the same code made. */
  readonly stacks = new Stacks();
  /** Calls that gave several values, by the first of them. */
  readonly firsts: Seen = new Map();

  /** Whole numbers that a name or an attribute was bound to. */
  readonly numbers = new Map<Expr, Set<number>>();
  /** What the program gave to the functions that it called. */
  readonly given = new GivenArguments();
  private sizes: BoundSize[] = [];

  private journal: Note[] = [];
  /** Lists that a tensor stands in, to find it when it changes. */
  private noted = new Map<TensorValue, TensorValue[][]>();
  /** How long a list may get before it is thinned again, where that is not `keptPerPlace`. */
  private readonly room = new WeakMap<readonly TensorValue[], number>();
  private seenInRun: ReadonlySet<Expr> | null = null;
  private root: Stretch | null = null;
  private readonly forwards: Stretch[] = [];
  /** Names that were something else than a tensor when a function that nobody calls was run. */
  private readonly others = new Set<Expr>();
  private readonly nested = {
    tensors: new Map() as Seen,
    targets: new Map() as Seen,
    attention: new Map() as Seen,
    firsts: new Map() as Seen,
  };

  /** The run has ended: further notes are suppositions. */
  endRun(): void {
    const layers = this.layerPlaces.stretches().map(({ expr }) => expr);
    this.seenInRun = new Set([...this.tensors.keys(), ...this.targets.keys(), ...this.attention.keys(), ...layers]);
    this.layerPlaces.endRun();
    this.journal = [];
    this.noted = new Map();
  }

  /** What has been noted is of no interest; what comes are suppositions. */
  startOver(): void {
    for (const seen of [this.tensors, this.targets, this.attention, this.firsts]) seen.clear();
    this.endRun();
  }

  /** Names that were bound to sizes since this was asked last. */
  takeSizes(): BoundSize[] {
    const taken = this.sizes;
    this.sizes = [];
    return taken;
  }

  suppose(root: Stretch): void {
    this.root = root;
    if (root.name === "forward") this.forwards.push(root);
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
   * one dtype, and only sizes with names: a number is that of one caller. Of a `forward` it counts up to
   * batch × tokens × features: a module that takes any rank may be given no heads elsewhere. Of a name that may be no
   * tensor at all it never counts.
   */
  told(kind: "tensors" | "targets"): Seen {
    const merged: Seen = new Map(this[kind]);
    const isSure = (t: TensorValue): boolean => isWhole(t) && !isCommented(t);
    for (const [e, seen] of this.nested[kind]) {
      const whole = seen.filter(isSure);
      const own = merged.get(e);
      if (own?.every(isSure)) {
        if (!own.every((t) => whole.some((other) => contradicts(other, t)))) continue;
        merged.delete(e);
        // Names of their own for all sizes cover the default as well.
        if (!whole.some(isFree)) continue;
      }
      if (this.others.has(e)) continue;
      if (seen.some((t) => dimsOf(t) === null)) continue;
      if (whole.length === 0 || !agree(whole) || !whole.every(isOfNames)) continue;
      if (whole.some(hasHeads) && this.forwards.some((f) => within(e, f))) continue;
      const general = whole.find(isFree);
      merged.set(e, general ? [general] : whole.filter((t) => !whole.some((other) => covers(other, t))));
    }
    return merged;
  }

  mark(): number {
    return this.journal.length;
  }

  undo(from: number, to = this.journal.length): void {
    for (const { into, e, tensor, instead } of this.journal.splice(from, to - from).reverse()) {
      const seen = into.get(e);
      const at = seen?.lastIndexOf(tensor) ?? -1;
      if (at >= 0) seen!.splice(at, 1, ...(instead ? [instead] : []));
      if (seen?.length === 0) into.delete(e);
    }
  }

  /** The tensors that were noted since a mark. */
  since(mark: number): TensorValue[] {
    return this.journal.slice(mark).map(({ tensor }) => tensor);
  }

  inCall<T>(running: RunningFunction, run: () => T): T {
    this.stacks.running.push(running);
    try {
      return run();
    } finally {
      this.stacks.running.pop();
    }
  }

  note(e: Expr, tensor: TensorValue, watched: boolean): void {
    this.add("tensors", e, tensor, watched);
    if (!this.seenInRun && !watched) this.stacks.note(e, tensor);
  }

  noteTarget(e: Expr, tensor: TensorValue, watched: boolean): void {
    this.add("targets", e, tensor, watched);
  }

  noteLayer(e: Expr, layer: InstanceValue): void {
    if (this.notesOf(e)) this.layerPlaces.note(e, layer, this.isOwn(e));
  }

  noteLayerTarget(e: Expr, layer: InstanceValue): void {
    if (this.notesOf(e)) this.layerPlaces.noteTarget(e, layer, this.isOwn(e));
  }

  /** Whether what an expression is counts: what the program did is not overruled by what it did not do. */
  private notesOf(e: Expr): boolean {
    return !e.unit.foreign && !this.seenInRun?.has(e);
  }

  /** The program did it, or the function or class that it stands in tells it of itself. */
  private isOwn(e: Expr): boolean {
    return !this.seenInRun || (this.root !== null && within(e, this.root));
  }

  noteOther(e: Expr): void {
    this.others.add(e);
  }

  noteFirst(e: Expr, tensor: TensorValue, watched: boolean): void {
    this.add("firsts", e, tensor, watched);
  }

  inLayers<T>(call: Expr | null, count: number, run: () => T): T {
    const noted: TensorValue[] = [];
    const before = this.noting;
    this.noting = noted;
    try {
      return run();
    } finally {
      this.noting = before;
      const each = noted.length / count;
      // One of each layer: a decoder's attend twice, of which the last is the one to memory.
      if (call && Number.isInteger(each))
        this.layers.set(
          call,
          noted.filter((_, at) => at % each === each - 1),
        );
    }
  }

  noteAttention(call: Expr, tensor: TensorValue, watched: boolean): void {
    this.noting?.push(tensor);
    this.add("attention", call, tensor, watched);
    if (!this.seenInRun && !watched) this.stacks.note(call, tensor);
  }

  noteSize(target: Expr, value: Value): void {
    if (target.unit.foreign) return;
    if (value.kind === "symbol") this.sizes.push({ target, size: value.size });
    if (value.kind !== "int") return;
    const seen = this.numbers.get(target);
    if (!seen) this.numbers.set(target, new Set([Number(value.value)]));
    else if (seen.size < keptPerPlace) seen.add(Number(value.value));
  }

  noteCall({ node }: { readonly node: FunctionNode | null }, bound: ReadonlyMap<string, Value>): void {
    if (node && !node.unit.foreign) this.given.add(node, bound);
  }

  freeze(tensor: TensorValue): void {
    const lists = this.noted.get(tensor);
    if (!lists) return;
    this.noted.delete(tensor);
    const copy = { ...tensor };
    for (const list of lists) replace(list, tensor, copy);
    this.noted.set(copy, lists);
    for (const entry of this.journal) if (entry.tensor === tensor && this.notes(entry.into)) entry.tensor = copy;
  }

  private notes(into: Seen): boolean {
    return into === this.tensors || into === this.nested.tensors;
  }

  private add(kind: Kind, e: Expr, tensor: TensorValue, watched: boolean): void {
    if (!this.notesOf(e)) return;
    const into = this.isOwn(e) ? this[kind] : this.nested[kind];
    const seen = into.get(e);
    const last = seen?.at(-1);
    if (last === tensor && !watched) return;
    const instead = last && last !== tensor && alike(last, tensor) ? last : null;
    if (watched) this.journal.push({ into, e, tensor, instead });
    if (!seen) this.find(kind, tensor, into, e, [tensor]);
    else if (instead) {
      seen[seen.length - 1] = tensor;
      this.find(kind, tensor, into, e, seen);
    } else if (last !== tensor) {
      seen.push(tensor);
      this.find(kind, tensor, into, e, seen.length < (this.room.get(seen) ?? keptPerPlace) ? seen : this.thinned(seen));
    }
  }

  /** One of a kind. However many kinds there are, as much is added again before the next time. */
  private thinned(seen: readonly TensorValue[]): TensorValue[] {
    const kept = lastOfEach(seen);
    this.room.set(kept, Math.max(keptPerPlace, 2 * kept.length));
    return kept;
  }

  private find(kind: Kind, tensor: TensorValue, into: Seen, e: Expr, list: TensorValue[]): void {
    into.set(e, list);
    if (kind !== "tensors") return;
    const lists = this.noted.get(tensor);
    if (lists) lists.push(list);
    else this.noted.set(tensor, [list]);
  }
}

function within(e: Expr, stretch: Stretch): boolean {
  return e.unit === stretch.unit && e.start >= stretch.start && e.end <= stretch.end;
}

/** Of one shape and dtype, for good: then the later one tells as much. */
function alike(a: TensorValue, b: TensorValue): boolean {
  const [left, right] = [a.shape.dims, b.shape.dims];
  if (!left || !right || left.length !== right.length || a.dtype.dtype === null) return false;
  if (a.dtype.dtype !== b.dtype.dtype || a.scalar !== b.scalar) return false;
  for (let axis = 0; axis < left.length; axis++)
    if (typeof left[axis] !== "number" || left[axis] !== right[axis]) return false;
  return true;
}

/** The last of those that have one shape and one dtype. */
function lastOfEach(seen: readonly TensorValue[]): TensorValue[] {
  const last = new Map<string, TensorValue>();
  for (const t of seen) {
    const key = `${dimsOf(t)
      ?.map((size) => sizeText(size))
      .join()} ${dtypeOf(t)}`;
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

/** No size but 1 is a number, and none was flattened by a caller. */
function isOfNames(t: TensorValue): boolean {
  return dimsOf(t)!.every((d) => d === 1 || (typeof d !== "number" && !isFlattened(sizeText(d))));
}

/**
 * Has another size where the first one has a number of its own, or two sizes where that has one name twice: defaults that a
 * caller does not take.
 */
function contradicts(called: TensorValue, own: TensorValue): boolean {
  const [sizes, given] = [dimsOf(own)!, dimsOf(called)!];
  const isOther = (size: Size, axis: number): boolean => {
    if (typeof size === "number") return given[axis] !== size;
    return bareName(size) !== null && !same(given[sizes.findIndex((s) => same(s, size))]!, given[axis]!);
  };
  return sizes.length === given.length && sizes.some(isOther);
}

/** A product with sizes that the code has no names for: what one caller has flattened. */
function isFlattened(size: string): boolean {
  return size.split(/[^\w*]+/).some((term) => {
    const names = term.split("*").filter((factor) => /^[A-Za-z_]/.test(factor));
    return names.length > 1 && names.some(isNameless);
  });
}

/** Has a name where the other one has a 1: that is the number of one caller, such as a batch of one. */
function covers(named: TensorValue, t: TensorValue): boolean {
  const [sizes, others] = [dimsOf(named)!, dimsOf(t)!];
  return sizes.some((size, axis) => size !== 1 && others[axis] === 1);
}

/** More axes than a batch of sequences of features has. */
function hasHeads(t: TensorValue): boolean {
  return dimsOf(t)!.length > 3;
}

/** Each size has a name of its own: whatever else has this rank is a case of it. */
function isFree(t: TensorValue): boolean {
  const names = dimsOf(t)!.map((d) => sizeText(d));
  return new Set(names).size === names.length && names.every((name) => /^[A-Za-z_]\w*$/.test(name));
}

/** All of one rank and one dtype; where sizes hang on each other, as in `[n, 4*n]`, all in the same way. */
function agree(tensors: readonly TensorValue[]): boolean {
  const [first] = tensors;
  const alike = tensors.every((t) => dimsOf(t)!.length === dimsOf(first!)!.length && dtypeOf(t) === dtypeOf(first!));
  const forms = tensors.map((t) => formOf(dimsOf(t)!.map((size) => sizeText(size))));
  return alike && (forms.every((form) => form === forms[0]) || !forms.some((form) => form.startsWith("bound")));
}

/** Sizes with their names numbered in the order in which they come; `bound` where one comes twice. */
function formOf(sizes: readonly string[]): string {
  const names: string[] = [];
  let bound = false;
  const text = sizes.map((size) => {
    const before = names.length;
    return size.replace(/[A-Za-z_]\w*/g, (name) => {
      const at = names.indexOf(name);
      if (at >= 0 && at < before) bound = true;
      return String(at >= 0 ? at : names.push(name) - 1);
    });
  });
  return `${bound ? "bound" : "free"} ${text.join()}`;
}

function replace(list: TensorValue[], tensor: TensorValue, copy: TensorValue): void {
  for (let at = list.indexOf(tensor); at >= 0; at = list.indexOf(tensor, at + 1)) list[at] = copy;
}
