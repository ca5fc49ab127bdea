import { namelessSize, type Symbols } from "../run/dims.ts";
import type { Sampling } from "../run/machine.ts";
import { dimsOf, dtypeOf, type TensorValue } from "../run/tensorValue.ts";
import { bool, type DictValue, float, type InstanceValue, int, string, type Value } from "../run/values.ts";
import type { FunctionNode } from "../syntax/ast.ts";
import { sampledTensor } from "./sampling.ts";
import { SampleSizes, usualSize } from "./sizes.ts";
import type { Supposition, Suppositions } from "./suppositions.ts";

/** How many axes a tensor gets whose rank nobody tells, in the order in which they are tried. */
const ranks: readonly number[] = [2, 3, 4];

/** Gives parameters samples of what they were supposed to be. */
export class SampledParameters {
  private readonly suppositions: Suppositions;
  private readonly sampling: Sampling;
  private readonly sizes = new Map<Symbols, SampleSizes>();
  private readonly made = new Map<Value, Value>();

  constructor(suppositions: Suppositions, sampling: Sampling) {
    this.suppositions = suppositions;
    this.sampling = sampling;
  }

  /** How many ways there are to sample what a run begins with. */
  get ways(): number {
    return ranks.length;
  }

  /** undefined: nothing is known of this function. `way`: which of the ways is tried. */
  of(node: FunctionNode, name: string, way: number): Value | undefined {
    const supposed = this.suppositions.get(node);
    const value = supposed?.given.get(name);
    return supposed && value && this.sampled(value, name, supposed, way);
  }

  /** Whether another way could end otherwise: a tensor's rank is left open. */
  leavesOpen(node: FunctionNode): boolean {
    return [...(this.suppositions.get(node)?.given.values() ?? [])].some((v) => v.kind === "tensor" && !dimsOf(v));
  }

  private sampled(value: Value, name: string, supposed: Supposition, way: number): Value {
    switch (value.kind) {
      case "symbol": {
        const size = this.sizesOf(supposed).of(value.size);
        return size === null ? value : int(size);
      }
      case "tensor":
        return this.tensor(value, name, supposed, way);
      case "unknown":
        return ofType(value, name);
      case "instance":
      case "dict":
        return this.record(value, supposed, way);
      default:
        return value;
    }
  }

  private sizesOf({ symbols, given, asked }: Supposition): SampleSizes {
    const known = this.sizes.get(symbols) ?? new SampleSizes(symbols, [...given.values(), ...inside(given, asked)]);
    this.sizes.set(symbols, known);
    return known;
  }

  private tensor(value: TensorValue, name: string, supposed: Supposition, way: number): Value {
    const dims = dimsOf(value) ?? openDims(value, ranks[way] ?? 2);
    const numbers = dims.map((size, axis) => this.sizesOf(supposed).of(size) ?? usualSize(namelessSize(axis)));
    const indexes = /(^|_)(idx|ids?|tokens?|indices|labels?|targets?|words?)$/i.test(name);
    return sampledTensor(this.sampling, value.framework, numbers, dtypeOf(value) ?? (indexes ? "int64" : "float32"));
  }

  /** A configuration: the same object for the same one, with numbers in it. */
  private record(value: InstanceValue | DictValue, supposed: Supposition, way: number): Value {
    const known = this.made.get(value);
    if (known) return known;
    const asked = supposed.asked.get(value);
    const filled: InstanceValue | DictValue =
      value.kind === "dict" ? { ...value, entries: new Map() } : { ...value, attributes: new Map() };
    this.made.set(value, filled);
    for (const [name, part] of asked ?? (value.kind === "instance" ? value.attributes : [])) {
      const sample = this.sampled(part, name, supposed, way);
      if (filled.kind === "instance") filled.attributes.set(name, sample);
      else filled.entries.set(`s${name}`, { key: string(name), value: sample });
    }
    return filled;
  }
}

function inside(given: ReadonlyMap<string, Value>, asked: Supposition["asked"]): Value[] {
  const records = [...given.values()].flatMap((v) => (v.kind === "instance" ? [...v.attributes.values()] : []));
  return [...records, ...[...asked.values()].flatMap((parts) => [...parts.values()])];
}

/** Sizes of a tensor of unknown rank: what the code asked for by axis, a short sequence of vectors otherwise. */
function openDims(value: TensorValue, rank: number) {
  const usualDims = [1, 2, usualSize("T"), usualSize("head_dim")].slice(-rank);
  const asked = [...(value.shape.asked ?? [])];
  return usualDims.map((size, axis) => asked.find(([at]) => at === axis || at + rank === axis)?.[1] ?? size);
}

/** What decides branches and scales: nothing is dropped, and a mask is what its name says. */
function ofType(value: Extract<Value, { kind: "unknown" }>, name: string): Value {
  if (value.type === "bool") return bool(/bias|causal/i.test(name));
  if (value.type === "float") return float(/drop|prob|^p$/i.test(name) ? 0 : /eps/i.test(name) ? 1e-5 : 1);
  return value;
}
