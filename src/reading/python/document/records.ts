import type { Recorder } from "../run/recorder.ts";
import type { TensorValue } from "../run/tensorValue.ts";
import type { UnknownValue } from "../run/values.ts";
import type { Expr } from "../syntax/ast.ts";

/** How many different tensors are kept of one expression; a loop or many calls may make more. */
const keptPerPlace = 64;

/** What each expression was, in the order in which it was seen. */
export class Records implements Recorder {
  readonly tensors = new Map<Expr, TensorValue[]>();
  readonly unknowns = new Map<Expr, UnknownValue>();
  /** Names and attributes that were bound to a tensor. */
  readonly targets = new Map<Expr, TensorValue>();

  private readonly journal: { readonly e: Expr; readonly tensor: TensorValue }[] = [];

  /** What the program did itself; what is only supposed afterwards adds nothing to it. */
  private seenInRun: ReadonlySet<Expr> = new Set();

  /** The run has ended: further notes are suppositions. */
  endRun(): void {
    this.seenInRun = new Set([...this.tensors.keys(), ...this.targets.keys()]);
  }

  mark(): number {
    return this.journal.length;
  }

  undo(from: number, to = this.journal.length): void {
    for (const { e, tensor } of this.journal.splice(from, to - from).reverse()) {
      const seen = this.tensors.get(e);
      const at = seen?.lastIndexOf(tensor) ?? -1;
      if (at >= 0) seen!.splice(at, 1);
      if (seen?.length === 0) this.tensors.delete(e);
    }
  }

  /** The tensors that were noted since a mark. */
  since(mark: number): TensorValue[] {
    return this.journal.slice(mark).map(({ tensor }) => tensor);
  }

  note(e: Expr, tensor: TensorValue): void {
    if (e.unit.foreign || this.seenInRun.has(e)) return;
    this.journal.push({ e, tensor });
    const seen = this.tensors.get(e);
    if (!seen) this.tensors.set(e, [tensor]);
    else if (seen.at(-1) !== tensor) {
      if (seen.length >= keptPerPlace) seen.splice(keptPerPlace / 2, 1);
      seen.push(tensor);
    }
  }

  noteUnknown(e: Expr, value: UnknownValue): void {
    if (value.type === undefined && !e.unit.foreign) this.unknowns.set(e, value);
  }

  noteTarget(e: Expr, tensor: TensorValue): void {
    if (!e.unit.foreign && !this.seenInRun.has(e)) this.targets.set(e, tensor);
  }
}
