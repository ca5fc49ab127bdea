import type { Value } from "../run/values.ts";
import type { FunctionNode } from "../syntax/ast.ts";

/** More numbers than this of one parameter are not kept. */
const mostNumbers = 64;

/** What the calls of each function gave to its parameters, as far as it decides which way the function goes. */
export class GivenArguments {
  private readonly seen = new Map<FunctionNode, Map<string, Value | "several">>();
  private readonly numbers = new Map<FunctionNode, Map<string, Set<number>>>();

  add(node: FunctionNode, bound: ReadonlyMap<string, Value>): void {
    for (const [name, value] of bound) this.addNumbers(node, name, value);
    const known = this.seen.get(node);
    if (!known) {
      this.seen.set(node, new Map(bound));
      return;
    }
    for (const [name, value] of bound) {
      const before = known.get(name);
      if (before && before !== "several" && before !== value && !alike(before, value)) known.set(name, "several");
    }
  }

  /** Whole numbers that calls gave to a parameter; of an attribute of what they gave, by `parameter.attribute`. */
  numbersOf(node: FunctionNode, path: string): ReadonlySet<number> {
    return this.numbers.get(node)?.get(path) ?? new Set();
  }

  private addNumbers(node: FunctionNode, path: string, value: Value): void {
    if (value.kind === "instance" && !path.includes(".") && path !== "self")
      for (const [name, part] of value.attributes) this.addNumbers(node, `${path}.${name}`, part);
    if (value.kind !== "int") return;
    const paths = this.numbers.get(node) ?? new Map<string, Set<number>>();
    this.numbers.set(node, paths);
    const known = paths.get(path) ?? new Set();
    paths.set(path, known);
    if (known.size < mostNumbers) known.add(Number(value.value));
  }

  /** What all calls gave; null where they differ, or nobody called. Tensors and numbers count as given, whichever. */
  of(node: FunctionNode, name: string): Value | null {
    const value = this.seen.get(node)?.get(name);
    return value === undefined || value === "several" ? null : value;
  }
}

function alike(a: Value, b: Value): boolean {
  if (a.kind !== b.kind) return false;
  const decides = a.kind === "bool" || a.kind === "string" || a.kind === "float";
  return !decides || (a as { value: unknown }).value === (b as unknown as { value: unknown }).value;
}
