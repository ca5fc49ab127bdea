import { done, failed, type Outcome } from "../tensor/message.ts";
import { allOf, anyOf, blocks, globalTokens, type Pattern, prefix } from "./forms/sparse.ts";
import { type MaskView, maskTerm } from "./mask.ts";
import type { Positions } from "./positions.ts";
import type { AttentionProblem, AttentionSizes } from "./problem.ts";

/** A pattern leaves no run of keys, so it is spelled out as a mask; one of more cells than this is refused. */
const cellLimit = 2 ** 24;

/** Whether a pair is left by the sparse pattern of a problem. */
export type Allows = (batch: number, query: number, key: number) => boolean;

/** The sparse pattern of a problem, the window included, which it may widen; null where there is none. */
export function allowsOf({ sparse, window }: AttentionProblem, positions: Positions): Allows | null {
  if (!sparse) return null;
  const { dilation = 1, block, globals, prefix: first } = sparse;
  const [left, right] = window ?? [null, null];
  const stepped: Pattern = (i, j) =>
    (j - i) % dilation === 0 && i - j <= dilation * (left ?? Infinity) && j - i <= dilation * (right ?? Infinity);
  const near = block === undefined ? stepped : allOf(stepped, blocks(block));
  const wide = globals ? anyOf(near, globalTokens(globals)) : near;
  const pattern = first === undefined ? wide : allOf(wide, prefix(first));
  return (batch, query, key) => {
    const start = positions.start(query);
    return pattern(positions.own(batch, query) - start, key - start);
  };
}

/** A mask joined with a pattern: what the pattern leaves out becomes false, or −∞. Fails as `attention.pattern-size`. */
export function withPattern(mask: MaskView | null, allows: Allows, sizes: AttentionSizes): Outcome<MaskView> {
  const { queries, keys } = sizes;
  const [batch, heads] = [sizes.batch, mask?.strides[1] ? sizes.heads : 1];
  const count = batch * heads * queries * keys;
  if (count > cellLimit) return failed("attention.pattern-size", { queries, keys, limit: cellLimit });
  const kind = mask?.kind ?? "boolean";
  const data = kind === "boolean" ? new Uint8Array(count) : new Float64Array(count);
  let at = 0;
  for (let b = 0; b < batch; b++)
    for (let h = 0; h < heads; h++)
      for (let i = 0; i < queries; i++)
        for (let j = 0; j < keys; j++) {
          const term = allows(b, i, j) ? (mask ? maskTerm(mask, b, h, i, j) : 0) : Number.NEGATIVE_INFINITY;
          data[at++] = kind === "additive" ? term : Number(term === 0);
        }
  const strides = [heads * queries * keys, heads === 1 ? 0 : queries * keys, keys, 1] as const;
  return done({ kind, data, offset: 0, strides, taken: mask?.taken ?? false });
}
