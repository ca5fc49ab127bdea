import { bareName, type Size, type Symbols } from "../run/dims.ts";
import type { Value } from "../run/values.ts";

/** Of sizes that the code only names: small ones that divide each other, the same for the same name. */
const usual: readonly (readonly [RegExp, number])[] = [
  [/^(head_(dim|size)|(dim|size)_(per_)?head|d_?(k|v|q|head)|hs)$/i, 8],
  [/^(h|n_?heads?|num_?heads?|heads|nheads?|nh|n_h|num_attention_heads)$/i, 4],
  [/kv_?heads?|groups?/i, 2],
  [/^(b|bs|bsz|n_?batch\w*|batch\w*)$/i, 2],
  [/vocab/i, 32],
  [/image|img|resolution/i, 16],
  [/patch/i, 4],
  [/layers?|depth|blocks?$|^n_?stages?$/i, 2],
  [/block_?size|max_?\w*(len|length|positions?|tokens)|context|position/i, 16],
  [/^(t|s|l|n|m|nq|nk|time\w*|\w*seq\w*|\w*len(gth)?|num_tokens|(src|tgt|trg)\w*)\d*$/i, 6],
  [/dim|embd|embed|hidden|model|channels?|features?|width|size|^(c|d|e)\d*$/i, 32],
];
const otherwise = 8;

/** The number that a name stands for in a run on samples. */
export function usualSize(name: string): number {
  return usual.find(([names]) => names.test(name))?.[1] ?? otherwise;
}

/** Numbers for the sizes of one supposition; what the code gives as a default counts before what is usual. */
export class SampleSizes {
  private readonly symbols: Symbols;
  private readonly chosen = new Map<string, number>();

  constructor(symbols: Symbols, given: Iterable<Value>) {
    this.symbols = symbols;
    for (const value of given) {
      const name = value.kind === "symbol" && value.default !== undefined ? bareName(value.size) : null;
      const own = name !== null && bareName(symbols.resolve((value as { size: Size }).size));
      if (own) this.chosen.set(own, (value as { default: number }).default);
    }
    this.divide();
  }

  /** null: not even an expression over names. */
  of(size: Size): number | null {
    return this.symbols.numberOf(size, (name) => this.named(name));
  }

  private named(name: string): number {
    return this.chosen.get(name) ?? usualSize(name);
  }

  /** What must be a multiple of something else is made one. */
  private divide(): void {
    for (const { of, by } of this.symbols.divisions()) {
      const [name, whole, part] = [bareName(this.symbols.resolve(of)), this.of(of), this.of(by)];
      if (name && whole !== null && part && whole % part !== 0)
        this.chosen.set(name, part * Math.max(1, Math.round(whole / part)));
    }
  }
}
