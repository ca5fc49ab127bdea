import type { FunctionNode } from "../syntax/ast.ts";

/** `B`, `seq_len`, `H*W`, `d_model // heads`, `3`. */
const size = /^(\d+|[A-Za-z_]\w*(\s*(\*|\/\/?|\+|-)\s*\w+)*)$/;

/** More letters than this between a name and its shape, and they do not belong together. */
const near = 80;

/**
 * What the remarks at the head of a function say of the shapes of its parameters: comments in its signature and before
 * its first statement, and its docstring: `x: (B, T, C)`, `query, key: [batch, seq, dim]`, `x (Tensor): of shape (B, C)`.
 */
export function commentedShapes(text: string, f: FunctionNode): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const line of remarks(headOf(text, f)))
    for (const { name } of f.parameters) {
      const shape = found.has(name) ? null : shapeAfter(line, name);
      if (shape) found.set(name, shape);
    }
  return found;
}

/** From `def` to the first statement that is more than a docstring. */
function headOf(text: string, { unit, start, end, body }: FunctionNode): string {
  const first = body.find((s, at) => !(at === 0 && s.kind === "expression" && s.value.kind === "string"));
  return text.slice(unit.base + start, unit.base + (first?.start ?? end));
}

function remarks(head: string): string[] {
  const documented = /("""|''')([\s\S]*?)\1/.exec(head)?.[2]?.split("\n") ?? [];
  const comments = head.split("\n").flatMap((line) => (line.includes("#") ? [line.slice(line.indexOf("#"))] : []));
  return [...comments, ...documented].filter((line) => !/->|→|=>/.test(line));
}

function shapeAfter(line: string, name: string): readonly string[] | null {
  const at = new RegExp(`(?<![\\w.])${name}(?!\\w)`).exec(line);
  if (!at) return null;
  const rest = line.slice(at.index + name.length);
  for (const group of rest.matchAll(/[[(]([^[\]()]*)[\])]/g)) {
    const sizes = group[1]!.split(",").map((part) => part.trim());
    if (group.index <= near && sizes.length > 1 && sizes.every((part) => size.test(part))) return sizes;
  }
  return null;
}
