/** A product of named sizes with its count, e.g. 3·B·T. The key of a term is its sorted atoms, joined by `·`. */
type Terms = ReadonlyMap<string, number>;

/** A polynomial over named sizes with integer coefficients: `B*T + 1`. Never a plain number: see `Size`. */
export interface Polynomial {
  readonly terms: Terms;
}

/** The size of an axis: known, an expression over names, or unknown. */
export type Size = number | Polynomial | null;

/** A quotient of sizes, which need not be whole: `dim / heads`, `dim * 0.5`. */
export interface Ratio {
  readonly of: Size;
  readonly by: Size;
}

const join = "·";

/** Sizes of more terms, or with quotients whose text is longer, are unknown: each layer of a deep network may double them. */
const mostTerms = 64;
const longestQuotient = 1000;

export function isPolynomial(size: unknown): size is Polynomial {
  return typeof size === "object" && size !== null && "terms" in size;
}

function termsOf(size: number | Polynomial): Terms {
  return typeof size === "number" ? new Map([["", size]]) : size.terms;
}

function simplified(terms: Map<string, number>): Size {
  for (const [key, count] of terms) if (count === 0) terms.delete(key);
  if (terms.size === 0) return 0;
  if (terms.size === 1 && terms.has("")) return terms.get("")!;
  return terms.size > mostTerms ? null : { terms };
}

export function symbol(name: string): Polynomial {
  return { terms: new Map([[name, 1]]) };
}

export function add(a: Size, b: Size, sign = 1): Size {
  if (typeof a === "number" && typeof b === "number") return a + sign * b;
  if (a === null || b === null) return null;
  const sum = new Map(termsOf(a));
  for (const [key, count] of termsOf(b)) sum.set(key, (sum.get(key) ?? 0) + sign * count);
  return simplified(sum);
}

export function subtract(a: Size, b: Size): Size {
  return add(a, b, -1);
}

function multiplyKeys(a: string, b: string): string {
  if (a === "") return b;
  if (b === "") return a;
  return [...a.split(join), ...b.split(join)].sort().join(join);
}

/** a·b without regard to divisibility: `Symbols.multiply` knows that `H*(C//H)` can be C. */
export function multiply(a: Size, b: Size): Size {
  if (a === 0 || b === 0) return 0;
  if (typeof a === "number" && typeof b === "number") return a * b;
  if (a === null || b === null) return null;
  const product = new Map<string, number>();
  for (const [left, m] of termsOf(a)) {
    for (const [right, n] of termsOf(b)) {
      const key = multiplyKeys(left, right);
      product.set(key, (product.get(key) ?? 0) + m * n);
    }
  }
  return simplified(product);
}

/** a/b where b is one term and divides every term of a; null where it does not. */
function dividedExactly(a: number | Polynomial, b: number | Polynomial): Size {
  const divisor = [...termsOf(b)];
  if (divisor.length !== 1) return same(a, b) ? 1 : null;
  const [key, count] = divisor[0]!;
  const quotient = new Map<string, number>();
  for (const [term, n] of termsOf(a)) {
    const rest = withoutAtoms(term, key);
    if (rest === null || n % count !== 0) return null;
    quotient.set(rest, n / count);
  }
  return simplified(quotient);
}

/** The product of the names that are in every term of both: `(B*d) // (B*h)` is `d // h`. null where there is none. */
function sharedAtoms(a: number | Polynomial, b: number | Polynomial): Polynomial | null {
  const [first, ...others] = [...termsOf(a).keys(), ...termsOf(b).keys()];
  const shared: string[] = [];
  for (const atom of new Set(first!.split(join)))
    if (atom !== "" && others.every((key) => key.split(join).includes(atom))) shared.push(atom);
  return shared.length > 0 ? { terms: new Map([[shared.sort().join(join), 1]]) } : null;
}

function withoutAtoms(term: string, divisor: string): string | null {
  if (divisor === "") return term;
  const atoms = term === "" ? [] : term.split(join);
  for (const atom of divisor.split(join)) {
    const at = atoms.indexOf(atom);
    if (at < 0) return null;
    atoms.splice(at, 1);
  }
  return atoms.join(join);
}

/** Whether two sizes are written alike; unknown equals nothing. */
export function same(a: Size, b: Size): boolean {
  if (typeof a === "number" || typeof b === "number") return a === b;
  if (a === null || b === null || a.terms.size !== b.terms.size) return false;
  for (const [key, count] of a.terms) if (b.terms.get(key) !== count) return false;
  return true;
}

/** `B*T + 1`, `C // H`; numbers as they are, unknown as `?`. `nameOf` says what a name of the run is called instead. */
export function sizeText(size: Size, nameOf: (atom: string) => string = (atom) => atom): string {
  if (size === null) return "?";
  if (typeof size === "number") return String(size);
  let text = "";
  for (const [key, count] of [...size.terms].sort(([a], [b]) => (a === "" ? 1 : b === "" ? -1 : 0))) {
    const magnitude = termText(key, Math.abs(count), size.terms.size > 1, nameOf);
    text += text === "" ? (count < 0 ? `-${magnitude}` : magnitude) : ` ${count < 0 ? "-" : "+"} ${magnitude}`;
  }
  return text;
}

function termText(key: string, count: number, among: boolean, nameOf: (atom: string) => string): string {
  if (key === "") return String(count);
  const atoms = key.split(join).map(nameOf);
  const alone = atoms.length === 1 && count === 1 && !among;
  const written = atoms.map((atom) => (atom.includes(" ") && !alone ? `(${atom})` : atom)).join("*");
  return count === 1 ? written : `${count}*${written}`;
}

/** A quotient or rest that has no simpler form, named by its text. */
interface Quotient {
  readonly of: number | Polynomial;
  readonly by: number | Polynomial;
  readonly rest: boolean;
}

/** Names that stand for something else, and what divides what. */
export interface Conclusions {
  readonly bound: ReadonlyMap<string, number | Polynomial>;
  readonly divisible: ReadonlySet<string>;
}

/** What is known of the named sizes of one run: which stand for another, and what divides what. */
export class Symbols {
  private bound = new Map<string, number | Polynomial>();
  private readonly quotients = new Map<string, Quotient>();
  private divisible = new Set<string>();
  private readonly names = new Map<string, number>();
  /** What sizes came to, until something more is concluded. */
  private resolved = new WeakMap<Polynomial, Size>();
  /** Names that only tell sizes apart: the code does not say them. */
  private readonly invented = new Set<string>();

  /** What is concluded so far, to go back to: a branch that may not be taken concludes for itself only. */
  save(): Conclusions {
    return { bound: new Map(this.bound), divisible: new Set(this.divisible) };
  }

  restore(saved: Conclusions): void {
    this.bound = new Map(saved.bound);
    this.divisible = new Set(saved.divisible);
    this.concluded();
  }

  /** What follows has to be found anew. */
  private concluded(): void {
    this.resolved = new WeakMap();
  }

  /** A new size, named after what the code calls it; a second one of that name gets a number. */
  fresh(name: string): Polynomial {
    const count = this.names.get(name) ?? 0;
    this.names.set(name, count + 1);
    const unique = count === 0 ? name : numbered(name, count + 1);
    // The second `x1` must not be the twelfth `x`.
    if (this.invented.has(unique) || (count > 0 && this.names.has(unique))) return this.fresh(name);
    if (count > 0) this.invented.add(unique);
    return symbol(unique);
  }

  /** The size of this name, a new one where there is none yet. */
  named(name: string): Polynomial {
    return this.names.has(name) ? symbol(name) : this.fresh(name);
  }

  /** The size with everything that is known put in. */
  resolve(size: Size): Size {
    if (size === null || typeof size === "number") return size;
    const before = this.resolved.get(size);
    if (before !== undefined) return before;
    const now = this.worked(size);
    this.resolved.set(size, now);
    return now;
  }

  private worked(size: Polynomial): Size {
    let changed = false;
    let total: Size = 0;
    for (const [key, count] of size.terms) {
      let product: Size = count;
      for (const atom of key === "" ? [] : key.split(join)) {
        const value = this.resolveAtom(atom);
        if (value === undefined) product = multiply(product, symbol(atom));
        else {
          changed = true;
          product = multiply(product, value);
        }
      }
      total = add(total, product);
    }
    return changed ? this.cancelled(this.resolve(total)) : this.cancelled(size);
  }

  private resolveAtom(atom: string): Size | undefined {
    const bound = this.bound.get(atom);
    if (bound !== undefined) return bound;
    const quotient = this.quotients.get(atom);
    if (!quotient) return undefined;
    const [of, by] = [this.resolve(quotient.of), this.resolve(quotient.by)];
    if (of === null || by === null) return null;
    if (same(of, quotient.of) && same(by, quotient.by)) return undefined;
    return quotient.rest ? this.remainder(of, by) : this.quotient(of, by);
  }

  /** Puts C for `H*(C//H)` where H is known to divide C. */
  private cancelled(size: Size): Size {
    if (size === null || typeof size === "number") return size;
    for (const [key, count] of size.terms) {
      if (key === "") continue;
      for (const atom of key.split(join)) {
        const quotient = this.quotients.get(atom);
        if (!quotient || quotient.rest || !this.divides(quotient.by, quotient.of)) continue;
        const term: Polynomial = { terms: new Map([[key, count]]) };
        const others = dividedExactly(term, symbol(atom));
        const factor = others === null ? null : dividedExactly(others, quotient.by);
        if (factor === null) continue;
        return this.cancelled(add(subtract(size, term), multiply(factor, quotient.of)));
      }
    }
    return size;
  }

  private divides(by: number | Polynomial, of: number | Polynomial): boolean {
    return (
      this.divisible.has(`${sizeText(this.resolve(of))}%${sizeText(this.resolve(by))}`) ||
      this.divisible.has(`${sizeText(of)}%${sizeText(by)}`)
    );
  }

  /** The number that a size is where every name stands for one; null where the size is unknown. */
  numberOf(size: Size, named: (name: string) => number): number | null {
    const known = this.resolve(size);
    if (known === null || typeof known === "number") return known;
    let total = 0;
    for (const [key, count] of known.terms) {
      const atoms = key === "" ? [] : key.split(join);
      total += atoms.reduce((product, atom) => product * this.atomNumber(atom, named), count);
    }
    return total;
  }

  /** The size as the code would write it, by the names that it has for sizes; null where it has none for a part of it. */
  written(size: Size, nameOf: (size: Polynomial) => string | null): string | null {
    if (size === null || typeof size === "number") return size === null ? null : String(size);
    const whole = nameOf(size);
    if (whole !== null) return whole;
    let known = true;
    const text = sizeText(size, (atom) => {
      const name = nameOf(symbol(atom)) ?? this.writtenAtom(atom, nameOf);
      if (name === null) known = false;
      return name ?? atom;
    });
    return known ? text : null;
  }

  private writtenAtom(atom: string, nameOf: (size: Polynomial) => string | null): string | null {
    const quotient = this.quotients.get(atom);
    if (!quotient) return isNameless(atom) || this.invented.has(atom) ? null : atom;
    const [of, by] = [this.written(quotient.of, nameOf), this.written(quotient.by, nameOf)];
    return of !== null && by !== null ? `${bracketed(of)} ${quotient.rest ? "%" : "//"} ${bracketed(by)}` : null;
  }

  private atomNumber(atom: string, named: (name: string) => number): number {
    const quotient = this.quotients.get(atom);
    if (!quotient) return named(atom);
    const [of, by] = [this.numberOf(quotient.of, named)!, this.numberOf(quotient.by, named)!];
    return quotient.rest ? of - by * Math.floor(of / by) : Math.floor(of / by);
  }

  /** What the program divides by what. */
  divisions(): { readonly of: Size; readonly by: Size }[] {
    return [...this.quotients.values()].filter(({ rest }) => !rest);
  }

  multiply(a: Size, b: Size): Size {
    return this.resolve(multiply(a, b));
  }

  product(sizes: readonly Size[]): Size {
    let product: Size = 1;
    for (const size of sizes) product = multiply(product, size);
    return this.resolve(product);
  }

  /** `a // b` as Python has it. */
  quotient(a: Size, b: Size): Size {
    return this.divided(a, b, false);
  }

  /** `a % b` as Python has it. */
  remainder(a: Size, b: Size): Size {
    return this.divided(a, b, true);
  }

  private divided(first: Size, second: Size, rest: boolean): Size {
    const [of, by] = [this.resolve(first), this.resolve(second)];
    if (of === null || by === null || by === 0) return null;
    if (typeof of === "number" && typeof by === "number")
      return rest ? of - by * Math.floor(of / by) : Math.floor(of / by);
    if (by === 1) return rest ? 0 : of;
    const exact = dividedExactly(of, by);
    if (exact !== null) return rest ? 0 : exact;
    if (rest && this.divides(by, of)) return 0;
    const shared = rest ? null : sharedAtoms(of, by);
    if (shared) return this.quotient(dividedExactly(of, shared), dividedExactly(by, shared));
    const [left, right] = [operand(of), operand(by)];
    const name = `${left} ${rest ? "%" : "//"} ${right}`;
    if (name.length > longestQuotient) return null;
    if (!this.quotients.has(name)) this.quotients.set(name, { of, by, rest });
    return symbol(name);
  }

  /** Takes note that `by` divides `of`. */
  assumeDivides(by: Size, of: Size): void {
    if (by === null || of === null) return;
    const fact = `${sizeText(this.resolve(of))}%${sizeText(this.resolve(by))}`;
    if (this.divisible.has(fact)) return;
    this.divisible.add(fact);
    this.concluded();
  }

  /** true, false, or null where it depends on sizes that are not known. */
  equal(a: Size, b: Size): boolean | null {
    const difference = this.resolve(subtract(a, b));
    return typeof difference === "number" ? difference === 0 : null;
  }

  /**
   * Makes two sizes equal that the code needs to be equal. false: they cannot be.
   * A name takes the other's value; `C` and `H*(C//H)` become equal by H dividing C; else nothing is concluded.
   */
  unify(first: Size, second: Size): boolean {
    const [a, b] = [this.resolve(first), this.resolve(second)];
    if (a === null || b === null) return true;
    const difference = subtract(a, b);
    if (typeof difference === "number") return difference === 0;
    if (this.bind(a, b) || this.bind(b, a)) return true;
    this.assumeQuotients(a, b);
    return true;
  }

  /** The same, but a name of the code stays rather than one that only tells sizes apart. */
  merge(a: Size, b: Size): boolean {
    const name = bareName(this.resolve(a));
    return name !== null && isNameless(name) ? this.unify(a, b) : this.unify(b, a);
  }

  private bind(a: Size, b: Size): boolean {
    if (!isPolynomial(a) || b === null) return false;
    const name = bareName(a);
    if (name === null || this.quotients.has(name) || this.mentions(b, name)) return false;
    this.bound.set(name, b);
    this.concluded();
    return true;
  }

  private mentions(size: Size, name: string): boolean {
    if (!isPolynomial(size)) return false;
    for (const key of size.terms.keys()) {
      for (const atom of key.split(join)) {
        const quotient = this.quotients.get(atom);
        if (atom === name || (quotient && (this.mentions(quotient.of, name) || this.mentions(quotient.by, name))))
          return true;
      }
    }
    return false;
  }

  private assumeQuotients(a: Size, b: Size): void {
    for (const side of [a, b]) {
      if (!isPolynomial(side)) continue;
      for (const atom of [...side.terms.keys()].flatMap((key) => key.split(join))) {
        const quotient = this.quotients.get(atom);
        if (!quotient || quotient.rest) continue;
        const fact = `${sizeText(this.resolve(quotient.of))}%${sizeText(this.resolve(quotient.by))}`;
        if (this.divisible.has(fact)) continue;
        this.divisible.add(fact);
        this.concluded();
        if (this.equal(a, b) === true) return;
        this.divisible.delete(fact);
        this.concluded();
      }
    }
  }
}

/** The name of the second, third … size that is called so; that of `d` must not look like one that only tells sizes apart. */
function numbered(name: string, count: number): string {
  return isNameless(name) || isNameless(`${name}${count}`) ? `${name}_n${count}` : `${name}${count}`;
}

function operand(size: number | Polynomial): string {
  return bracketed(sizeText(size));
}

function bracketed(text: string): string {
  return /[ *]/.test(text) ? `(${text})` : text;
}

/** How a size is called that the program has not given a name to, by its axis. */
export function namelessSize(axis: number): string {
  return axis < 0 ? `d_${-axis}` : `d${axis}`;
}

export function isNameless(name: string): boolean {
  return /^d_?\d+(_n\d+)?$/.test(name);
}

/** The name, where the size is just one. */
export function bareName(size: Size): string | null {
  if (!isPolynomial(size) || size.terms.size !== 1) return null;
  const [[key, count]] = [...size.terms] as [[string, number]];
  return count === 1 && key !== "" && !key.includes(join) ? key : null;
}
