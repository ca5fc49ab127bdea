import { bareName, type Symbols } from "../run/dims.ts";
import type { Library, TensorValue } from "../run/tensorValue.ts";
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
  private readonly ofTensors = new WeakMap<TensorValue, Symbols>();
  private readonly defaults = new WeakMap<Symbols, Map<string, number>>();
  private open: { node: FunctionNode; given: ReadonlyMap<string, Value> }[] = [];

  /** What a parameter stands for; undefined: what its name and its use say. */
  of(_node: FunctionNode, _name: string, _way: number, _library: Library): Value | undefined {
    return undefined;
  }

  note(node: FunctionNode, given: ReadonlyMap<string, Value>): void {
    this.open.push({ node, given });
  }

  /** @param tensors what was noted in the run that has ended. */
  conclude(symbols: Symbols, tensors: readonly TensorValue[]): void {
    const defaults = new Map<string, number>();
    for (const { node, given } of this.open) {
      const asked = new Map([...given.values()].flatMap((value) => askedOf(value)));
      this.all.set(node, { given: new Map(given), symbols, asked });
      for (const value of given.values()) addDefaults(value, symbols, defaults);
    }
    this.open = [];
    this.defaults.set(symbols, defaults);
    for (const tensor of tensors) this.ofTensors.set(tensor, symbols);
  }

  /** The names of sizes that a tensor is told in; undefined for one that the program makes. */
  symbolsOf(tensor: TensorValue): Symbols | undefined {
    return this.ofTensors.get(tensor);
  }

  /** The numbers that names stand for where nobody says otherwise: defaults of parameters. */
  defaultsOf(symbols: Symbols): ReadonlyMap<string, number> {
    return this.defaults.get(symbols) ?? new Map();
  }
}

function addDefaults(value: Value, symbols: Symbols, defaults: Map<string, number>): void {
  if (value.kind === "instance") for (const part of value.attributes.values()) addDefaults(part, symbols, defaults);
  if (value.kind !== "symbol" || value.default === undefined) return;
  const name = bareName(symbols.resolve(value.size));
  if (name !== null) defaults.set(name, value.default);
}

function askedOf(value: Value): [InstanceValue | DictValue, ReadonlyMap<string, Value>][] {
  if (value.kind === "instance" && value.data.symbolic) return [[value, new Map(value.attributes)]];
  if (value.kind !== "dict" || !value.symbolic) return [];
  return [[value, new Map([...value.entries].map(([key, entry]) => [key.slice(1), entry.value]))]];
}
