import type { Place, PlayedPart, TensorEntry } from "../../document.ts";
import type { TensorValue } from "../run/tensorValue.ts";
import { type Expr, rangeOf, targetRange } from "../syntax/ast.ts";
import { source } from "./copies.ts";
import { entryOf, programTensor, standsFor } from "./entry.ts";
import { byPlace, innermost } from "./innermost.ts";
import type { PlaceSizesTeller } from "./placeSizes.ts";
import type { Records } from "./records.ts";
import type { Parts } from "./sites.ts";

interface Found {
  readonly start: number;
  readonly end: number;
  readonly expr: Expr;
  readonly tensor: TensorValue;
  /** All that it was, the tensor last. */
  readonly seen: readonly TensorValue[];
}

/** Answers what is at an offset: an element of a literal, else the innermost expression that is a tensor. */
export class PlaceFinder {
  private readonly text: string;
  private readonly tensors: readonly TensorEntry[];
  private readonly records: Records;
  private readonly parts: Parts;
  private readonly sizes: PlaceSizesTeller | null;
  private sorted: Found[] | null = null;
  private readonly entries = new Map<Expr, TensorEntry>();

  constructor(
    text: string,
    tensors: readonly TensorEntry[],
    records: Records,
    parts: Parts,
    sizes: PlaceSizesTeller | null,
  ) {
    this.text = text;
    this.tensors = tensors;
    this.records = records;
    this.parts = parts;
    this.sizes = sizes;
  }

  at(offset: number): Place | null {
    const bound = this.inModule(offset);
    const place = bound && bound.element !== null ? bound : (this.innermost(offset) ?? bound);
    const plays = place && this.played(place.tensor);
    return place && { ...place, ...(plays && { plays }) };
  }

  /** A copy plays the part of what it is a copy of. */
  private played(tensor: TensorEntry): PlayedPart | null {
    const value = programTensor(tensor);
    return (value && this.parts.get(source(value))) ?? null;
  }

  /** The tensor of the innermost expression at this offset. */
  tensorAt(offset: number): TensorValue | null {
    return this.found(offset)?.tensor ?? null;
  }

  /** A name of the module at its last binding, or an element of its literal. */
  private inModule(offset: number): Place | null {
    for (const tensor of this.tensors) {
      if (tensor.nameRange && offset >= tensor.nameRange.start && offset <= tensor.nameRange.end)
        return { tensor, range: tensor.nameRange, element: null };
      if (offset < tensor.range.start || offset > tensor.range.end) continue;
      const element = tensor.places?.at(offset) ?? -1;
      if (element >= 0) return { tensor, range: tensor.places!.range(element), element };
      if (tensor.places) return { tensor, range: tensor.range, element: null };
    }
    return null;
  }

  /** The innermost expression at this offset that is a tensor. */
  found(offset: number): Found | null {
    return innermost(this.all(), offset);
  }

  private innermost(offset: number): Place | null {
    const best = this.found(offset);
    if (!best) return null;
    const tensor = this.entry(best);
    const element = tensor.places?.at(offset) ?? -1;
    if (element >= 0) return { tensor, range: tensor.places!.range(element), element };
    const { sizes } = this;
    const told = sizes && (() => sizes.at(best.expr, best.tensor, best.seen));
    return { tensor, range: { start: best.start, end: best.end }, element: null, ...(told && { told }) };
  }

  /** The entry of an expression. */
  entry({ expr, start, end, tensor }: Found): TensorEntry {
    const known = this.entries.get(expr);
    if (known) return known;
    const bound = expr.kind === "name" && this.tensors.find((each) => standsFor(each, tensor));
    if (bound) return bound;
    const name = nameText(this.text.slice(start, end));
    const made = entryOf(tensor, { id: `at:${start}:${end}`, name, path: name, range: { start, end }, scope: "local" });
    this.entries.set(expr, made);
    return made;
  }

  private all(): Found[] {
    if (this.sorted) return this.sorted;
    const found: Found[] = [];
    for (const [expr, seen] of this.records.shown("tensors"))
      found.push({ ...rangeOf(expr), expr, seen, tensor: seen.at(-1)! });
    for (const [expr, seen] of this.records.shown("firsts"))
      if (isLayer(seen.at(-1)!)) found.push({ ...rangeOf(expr), expr, seen, tensor: seen.at(-1)! });
    for (const [expr, seen] of this.records.shown("targets"))
      found.push({ ...targetRange(expr), expr, seen, tensor: seen.at(-1)! });
    this.sorted = found.sort(byPlace);
    return this.sorted;
  }
}

/** A layer of attention gives its output and its weights: the call is about the output. */
function isLayer({ by }: TensorValue): boolean {
  return by?.operation === "multi_head_attention";
}

/** A long expression is called by its beginning. */
function nameText(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
