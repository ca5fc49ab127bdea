import { isPolynomial, type Size } from "../run/dims.ts";
import { type Machine, raise, unclear } from "../run/machine.ts";
import { mustEqual } from "./sizes.ts";

/** One axis of a tensor: the atoms that it is made of; `()` and `1` have none. */
export type Group = readonly string[] | "...";

export interface Pattern {
  readonly left: readonly Group[];
  readonly right: readonly Group[];
}

/** `b (h d) ... -> b h d`, as einops reads it. */
export function patternOf(text: string): Pattern {
  const sides = text.split("->");
  if (sides.length !== 2) raise("EinopsError", "python.einopsPattern", { pattern: text });
  return { left: groupsOf(sides[0]!), right: groupsOf(sides[1]!) };
}

/** The groups of one side. */
export function groupsOf(side: string): Group[] {
  const groups: Group[] = [];
  let inside: string[] | null = null;
  for (const token of side.replaceAll("…", "...").match(/\.\.\.|[()]|[^\s().]+/g) ?? []) {
    if (token === "(") inside = [];
    else if (token === ")") {
      groups.push(inside ?? []);
      inside = null;
    } else if (inside) inside.push(token);
    else groups.push(token === "..." ? "..." : token === "1" ? [] : [token]);
  }
  return groups;
}

/** Puts names for the axes under the ellipsis of a tensor of `rank`; raises where the rank does not fit. */
export function withoutEllipsis(
  pattern: Pattern,
  rank: number,
): { left: (readonly string[])[]; right: (readonly string[])[] } {
  const dots = rank - pattern.left.filter((g) => g !== "...").length;
  const has = pattern.left.includes("...");
  if (dots < 0 || (!has && dots !== 0)) raise("EinopsError", "python.rank", { expected: rank - dots, rank });
  const names = Array.from({ length: dots }, (_, at) => `…${at}`);
  const expand = (groups: readonly Group[]): (readonly string[])[] =>
    groups.flatMap((g): (readonly string[])[] =>
      g === "..." ? names.map((name) => [name]) : [g.flatMap((atom) => (atom === "..." ? names : [atom]))],
    );
  return { left: expand(pattern.left), right: expand(pattern.right) };
}

/** The size of each atom of the left side, from the axes and from what the call gives. */
export function atomSizes(
  m: Machine,
  left: readonly (readonly string[])[],
  dims: readonly Size[],
  given: ReadonlyMap<string, Size>,
): Map<string, Size> {
  const sizes = new Map(given);
  for (const [axis, group] of left.entries()) fitGroup(m, group, dims[axis]!, sizes, dims);
  return sizes;
}

function fitGroup(
  m: Machine,
  group: readonly string[],
  size: Size,
  sizes: Map<string, Size>,
  dims: readonly Size[],
): void {
  for (const atom of group) if (/^\d+$/.test(atom)) sizes.set(atom, Number(atom));
  const open = group.filter((atom) => !sizes.has(atom));
  const known = m.symbols.product(group.filter((atom) => sizes.has(atom)).map((atom) => sizes.get(atom)!));
  if (open.length > 1) raise("EinopsError", "python.einopsPattern", { pattern: group.join(" ") });
  if (open.length === 0) {
    mustEqual(m, size, known, "einops", [dims]);
    return;
  }
  if (typeof size === "number" && typeof known === "number" && (known === 0 || size % known !== 0))
    raise("EinopsError", "python.sizes", { what: "einops", a: String(size), b: String(known), shapes: [] });
  if (isPolynomial(size) || isPolynomial(known)) m.symbols.assumeDivides(known, size);
  sizes.set(open[0]!, group.length === 1 ? size : m.symbols.quotient(size, known));
}

/** The size of a group. */
export function groupSize(m: Machine, group: readonly string[], sizes: ReadonlyMap<string, Size>): Size {
  return m.symbols.product(group.map((atom) => sizeOfAtom(atom, sizes)));
}

export function sizeOfAtom(atom: string, sizes: ReadonlyMap<string, Size>): Size {
  if (/^\d+$/.test(atom)) return Number(atom);
  const size = sizes.get(atom);
  return size === undefined ? unclear("python.einopsPattern", { pattern: atom }) : size;
}
