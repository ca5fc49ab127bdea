import { bareName, isPolynomial, type Polynomial, type Size, sizeText, symbol } from "../run/dims.ts";
import { dimsOf, type TensorValue } from "../run/tensorValue.ts";
import { type Expr, rangeOf } from "../syntax/ast.ts";
import type { NameBinding, NamedRun, NamedRuns } from "./namedRuns.ts";
import type { Records } from "./records.ts";

/** More ways than this to put numbers into an expression over names are not tried. */
const mostWays = 64;

/**
 * What the code calls the sizes of tensors that the program really made: `B`, `C // heads`. The program is run once more
 * with names for what its functions are given; a name is told only where it stands for this very number in the real run.
 */
export class SizeNames {
  private readonly real: Records;
  private readonly named: NamedRuns;
  private readonly numbers = new Map<NamedRun, Map<string, Set<number>>>();
  private prepared = false;

  constructor(real: Records, named: NamedRuns) {
    this.real = real;
    this.named = named;
  }

  /** A name an axis, null where the code has none; null where it has none at all. */
  of(e: Expr, dims: readonly Size[]): (string | null)[] | null {
    this.prepare();
    let best: (string | null)[] | null = null;
    for (const { run, sizes } of this.candidates(e, dims)) {
      const names = sizes.map((size, axis) => this.name(run, size, dims[axis]!, e));
      if (count(names) > count(best)) best = names;
    }
    return best;
  }

  /** Runs with names in which this expression had as many axes, and the same numbers where it had numbers. */
  private candidates(e: Expr, dims: readonly Size[]): { run: NamedRun; sizes: readonly Size[] }[] {
    return this.named.at(e).flatMap((tensor) => {
      const [run, sizes] = [this.named.runOf(tensor), dimsOf(tensor)];
      const fits =
        sizes?.length === dims.length && sizes.every((size, axis) => typeof size !== "number" || size === dims[axis]);
      return run && fits ? [{ run, sizes: sizes! }] : [];
    });
  }

  private name(run: NamedRun, size: Size, value: Size, e: Expr): string | null {
    if (!isPolynomial(size) || typeof value !== "number" || !this.stands(run, size, value)) return null;
    if (atomsOf(run, size).some((atom) => isElsewhere(run, atom, e))) return null;
    return run.symbols.written(size, (part) => nameAt(run, part, e));
  }

  /** Whether a size is this number where its names stand for numbers that they really have. */
  private stands(run: NamedRun, size: Polynomial, value: number): boolean {
    const choices = atomsOf(run, size).map((atom) => [atom, [...(this.numbers.get(run)?.get(atom) ?? [])]] as const);
    if (choices.some(([, numbers]) => numbers.length === 0)) return false;
    let ways: Map<string, number>[] = [new Map()];
    for (const [atom, numbers] of choices)
      ways = ways.flatMap((way) => numbers.map((number) => new Map(way).set(atom, number))).slice(0, mostWays);
    return ways.some((way) => run.symbols.numberOf(size, (atom) => way.get(atom)!) === value);
  }

  /** The numbers that each name has: those that were bound to it; else the one that tensors have everywhere. */
  prepare(): void {
    if (this.prepared) return;
    this.prepared = true;
    const seen = new Map<NamedRun, Map<string, Set<number>>>();
    for (const kind of ["tensors", "targets"] as const)
      for (const [e, tensors] of this.real.shown(kind)) for (const t of tensors) this.see(e, t, seen);
    for (const [run, numbers] of seen) {
      for (const [atom, all] of numbers) if (all.size > 1) numbers.delete(atom);
      this.numbers.set(run, numbers);
    }
    for (const run of this.named.runs) this.takeBound(run);
  }

  private see(e: Expr, t: TensorValue, seen: Map<NamedRun, Map<string, Set<number>>>): void {
    const dims = dimsOf(t);
    for (const { run, sizes } of dims ? this.candidates(e, dims) : []) {
      for (const [axis, size] of sizes.entries()) {
        const [atom, value] = [bareName(size), dims![axis]];
        if (atom !== null && typeof value === "number") add(seen, run, atom, [value]);
      }
    }
  }

  /** A name that stands for one number here and for another there was concluded wrongly: it stands for none. */
  private takeBound(run: NamedRun): void {
    const all = this.numbers.get(run) ?? new Map<string, Set<number>>();
    this.numbers.set(run, all);
    const taken = new Set<string>();
    for (const [atom, numbers] of boundNumbers(run, this.real)) {
      const known = taken.has(atom) ? all.get(atom)! : numbers;
      taken.add(atom);
      all.set(atom, [...known].some((number) => numbers.has(number)) ? new Set([...known, ...numbers]) : new Set());
    }
  }
}

/** What the program really gave to parameters and bound to names, by the size that these are in a run with names. */
function boundNumbers({ bindings, given }: NamedRun, real: Records): (readonly [string, ReadonlySet<number>])[] {
  const bound = bindings.flatMap(({ target, size }) => {
    const [atom, numbers] = [bareName(size), real.numbers.get(target)];
    return atom !== null && numbers ? [[atom, numbers] as const] : [];
  });
  return [...given, ...bound];
}

/** The names that a size is told in. */
function atomsOf({ symbols }: NamedRun, size: Polynomial): string[] {
  const atoms = new Set<string>();
  symbols.numberOf(size, (atom) => atoms.add(atom).size);
  return [...atoms];
}

/** The place has no name of its own for this size, and calls another one by the name that it has elsewhere. */
function isElsewhere(run: NamedRun, atom: string, e: Expr): boolean {
  if (nameAt(run, symbol(atom), e) !== null) return false;
  const functions = functionsAround(run, e);
  return run.bindings.some((b) => b.name === atom && (functions.includes(b.around!) || isOwnAttribute(b, e)));
}

/** An attribute that the class around the place sets. */
function isOwnAttribute({ target }: NameBinding, e: Expr): boolean {
  return target.kind === "attribute" && target.unit === e.unit;
}

function add(
  to: Map<NamedRun, Map<string, Set<number>>>,
  run: NamedRun,
  atom: string,
  numbers: Iterable<number>,
): void {
  const atoms = to.get(run) ?? new Map<string, Set<number>>();
  to.set(run, atoms);
  const all = atoms.get(atom) ?? new Set();
  atoms.set(atom, all);
  for (const number of numbers) all.add(number);
}

function count(names: readonly (string | null)[] | null): number {
  return names?.filter((name) => name !== null).length ?? 0;
}

/** What a size is called at this place: by a variable of the function around, of those around that, or by an attribute. */
function nameAt(run: NamedRun, size: Polynomial, e: Expr): string | null {
  const key = sizeText(size);
  for (const around of functionsAround(run, e)) {
    const name = meaning(run.bindings, (b) => b.target.kind === "name" && b.around === around && before(b, e)).get(key);
    if (name !== undefined) return name;
  }
  return meaning(run.bindings, (b) => isOwnAttribute(b, e)).get(key) ?? null;
}

/** For each size the name that stands for it after these bindings; of several the one that has done so longest. */
function meaning(bindings: readonly NameBinding[], counts: (binding: NameBinding) => boolean): Map<string, string> {
  const last = new Map<string, string>();
  for (const binding of bindings.filter(counts)) {
    last.delete(binding.name);
    last.set(binding.name, sizeText(binding.size));
  }
  const names = new Map<string, string>();
  for (const [name, key] of last) if (!names.has(key)) names.set(key, name);
  return names;
}

function before({ target }: NameBinding, e: Expr): boolean {
  return target.unit === e.unit && target.end <= e.start;
}

/** Functions that the place is in, innermost first. */
function functionsAround({ bindings }: NamedRun, e: Expr): NonNullable<NameBinding["around"]>[] {
  const { start, end } = rangeOf(e);
  const all = new Set(bindings.flatMap(({ around }) => around ?? []));
  const holds = [...all].filter((f) => f.unit === e.unit && rangeOf(f).start <= start && end <= rangeOf(f).end);
  return holds.sort((a, b) => b.start - a.start);
}
