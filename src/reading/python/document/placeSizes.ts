import type { Dim, PlaceSizes, SizeName } from "../../document.ts";
import { isPolynomial, type Polynomial, type Symbols, sizeText } from "../run/dims.ts";
import { dimsOf, type TensorValue } from "../run/tensorValue.ts";
import type { Supposed } from "../sampling/suppositions.ts";
import type { Expr } from "../syntax/ast.ts";
import { dimOf } from "./entry.ts";
import type { SizeNames } from "./sizeNames.ts";

/** Says what code calls the sizes at a place: of what it really made, and of what nobody calls. */
export class PlaceSizesTeller {
  private readonly supposed: Supposed;
  private readonly makeNames: () => SizeNames;
  private made: SizeNames | undefined;

  constructor(supposed: Supposed, makeNames: () => SizeNames) {
    this.supposed = supposed;
    this.makeNames = makeNames;
  }

  /** @param seen all that the expression was. */
  at(e: Expr, tensor: TensorValue, seen: readonly TensorValue[]): PlaceSizes {
    return { names: this.names(e, tensor), others: otherShapes(tensor, seen) };
  }

  prepare(): void {
    this.realNames().prepare();
  }

  private realNames(): SizeNames {
    this.made ??= this.makeNames();
    return this.made;
  }

  private names(e: Expr, tensor: TensorValue): (SizeName | null)[] | null {
    const dims = dimsOf(tensor);
    if (!dims || dims.length === 0) return null;
    if (dims.some(isPolynomial)) {
      const symbols = this.supposed.symbolsOf(tensor);
      return dims.map((size) => (isPolynomial(size) ? this.symbolic(size, symbols) : null));
    }
    return (
      this.realNames()
        .of(e, dims)
        ?.map((text) => (text === null ? null : { text })) ?? null
    );
  }

  private symbolic(size: Polynomial, symbols: Symbols | undefined): SizeName {
    const text = sizeText(size);
    const known = symbols && this.supposed.defaultsOf(symbols);
    const number = symbols?.numberOf(size, (name) => known?.get(name) ?? Number.NaN) ?? Number.NaN;
    return Number.isNaN(number) ? { text } : { text, default: number };
  }
}

function otherShapes(tensor: TensorValue, seen: readonly TensorValue[]): (readonly Dim[] | null)[] {
  const shapes = new Map<string, readonly Dim[] | null>();
  for (const t of [tensor, ...seen]) {
    const shape = dimsOf(t)?.map(dimOf) ?? null;
    shapes.set(JSON.stringify(shape), shape);
  }
  return [...shapes.values()].slice(1);
}
