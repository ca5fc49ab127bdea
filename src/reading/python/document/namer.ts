import type { TensorEntry, TextRange } from "../../document.ts";
import type { TensorValue } from "../run/tensorValue.ts";
import { type Expr, rangeOf } from "../syntax/ast.ts";
import { source } from "./copies.ts";
import { entryOf, standsFor } from "./entry.ts";
import type { Records } from "./records.ts";

const sameNumbers: ReadonlySet<string> = new Set(["transpose", "permute", "mul", "truediv", "copy", "convert", "to"]);

/** Gives tensors that play a role an entry: the module's own where it has one. */
export class Namer {
  readonly made: TensorEntry[] = [];
  private readonly ids = new Map<TensorValue, string>();
  private readonly bound: readonly TensorEntry[];
  private readonly text: string;
  private readonly places = new Map<TensorValue, Expr>();
  private readonly makers = new Map<TensorValue, Expr>();

  constructor(records: Records, bound: readonly TensorEntry[], text: string) {
    this.bound = bound;
    this.text = text;
    for (const kind of ["tensors", "targets"] as const) {
      for (const [expr, seen] of records.shown(kind)) {
        for (const t of seen) {
          if (!this.places.has(t) || expr.kind === "name") this.places.set(t, expr);
          if (kind === "tensors" && !this.makers.has(t)) this.makers.set(t, expr);
        }
      }
    }
  }

  /** The module's own tensors that this one is, or is another order of axes or a multiple of. */
  boundIn(t: TensorValue): string[] {
    const own = this.bound.filter((entry) => standsFor(entry, t)).map(({ id }) => id);
    const inner = t.by && sameNumbers.has(t.by.operation) ? t.by.inputs[0] : undefined;
    return inner ? [...own, ...this.boundIn(inner)] : own;
  }

  /** The expression that makes a tensor, or what it is a copy or another order of the axes of; null where none does. */
  makerOf(t: TensorValue): Expr | null {
    const made = this.makers.get(source(t)) ?? this.makers.get(t);
    const inner = t.by && sameNumbers.has(t.by.operation) ? t.by.inputs[0] : undefined;
    return made ?? (inner ? this.makerOf(inner) : null);
  }

  /** Whether the program calls it by a name of its own. */
  hasName(t: TensorValue): boolean {
    return this.places.get(t)?.kind === "name";
  }

  idOf(t: TensorValue, role: string, anchor: TextRange): string {
    const known = this.ids.get(t) ?? this.bound.find((entry) => standsFor(entry, t))?.id;
    if (known) return known;
    const place = this.places.get(t);
    const range = place ? rangeOf(place) : anchor;
    const name = place ? this.text.slice(range.start, range.end).replace(/\s+/g, " ").slice(0, 60) : role;
    const id = `site:${anchor.start}:${role}`;
    this.ids.set(t, id);
    this.made.push(entryOf(t, { id, name, path: name, range, scope: "local" }));
    return id;
  }
}
