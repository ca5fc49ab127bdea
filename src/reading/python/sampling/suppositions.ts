import type { Symbols } from "../run/dims.ts";
import type { DictValue, InstanceValue, Value } from "../run/values.ts";
import type { FunctionNode } from "../syntax/ast.ts";

/** What the parameters of a function that nobody calls stood for, and the names of sizes that this was told in. */
export interface Supposition {
  readonly given: ReadonlyMap<string, Value>;
  readonly symbols: Symbols;
  /** Of configurations that nobody gives: what they were asked for. */
  readonly asked: ReadonlyMap<InstanceValue | DictValue, ReadonlyMap<string, Value>>;
}

/** What a run supposed: the ground for choosing samples. */
export type Suppositions = ReadonlyMap<FunctionNode, Supposition>;

/** Remembers it. What a configuration was asked for is undone after the run, so it is copied before. */
export class Supposed {
  readonly all = new Map<FunctionNode, Supposition>();
  private open: { node: FunctionNode; given: ReadonlyMap<string, Value> }[] = [];

  note(node: FunctionNode, given: ReadonlyMap<string, Value>): void {
    this.open.push({ node, given });
  }

  conclude(symbols: Symbols): void {
    for (const { node, given } of this.open) {
      const asked = new Map([...given.values()].flatMap((value) => askedOf(value)));
      this.all.set(node, { given: new Map(given), symbols, asked });
    }
    this.open = [];
  }
}

function askedOf(value: Value): [InstanceValue | DictValue, ReadonlyMap<string, Value>][] {
  if (value.kind === "instance" && value.data.symbolic) return [[value, new Map(value.attributes)]];
  if (value.kind !== "dict" || !value.symbolic) return [];
  return [[value, new Map([...value.entries].map(([key, entry]) => [key.slice(1), entry.value]))]];
}
