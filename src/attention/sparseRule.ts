import type { Positions } from "./positions.ts";
import type { AttentionProblem, AttentionSizes } from "./problem.ts";

/**
 * Which keys of the run that positions leave are open by a sparse pattern. Told row by row and key by key, in O(L + S)
 * numbers: nothing of it is ever L × S.
 */
export interface SparseRule {
  /** Near keys are open only where they lie a multiple of so many positions from the query's own. */
  readonly dilation: number;
  /** The keys from … to, of which every `dilation`-th is near enough; all of them are open to a global query: null. */
  near(batch: number, query: number): readonly [from: number, to: number] | null;
  /** One byte a key: other than 0 where every query may attend to it. */
  readonly globalKeys: Uint8Array<ArrayBuffer>;
  /** Whether a pair is open. */
  allows(batch: number, query: number, key: number): boolean;
  /** How many keys of a row are open among those that positions leave. O(keys of the pattern that are global). */
  count(batch: number, query: number): number;
}

/** The rule of a problem whose shapes have been checked, its window included, which counts in steps of the dilation; null: none. */
export function sparseRuleOf(
  problem: AttentionProblem,
  positions: Positions,
  sizes: AttentionSizes,
): SparseRule | null {
  const { sparse, window } = problem;
  if (!sparse || (!sparse.dilation && !sparse.block && !sparse.globals && !window)) return null;
  const { dilation = 1, block, globals = [] } = sparse;
  const [left, right] = [window?.[0] ?? Number.POSITIVE_INFINITY, window?.[1] ?? Number.POSITIVE_INFINITY];
  const isGlobal = new Set(globals);
  const globalKeys = Uint8Array.from({ length: sizes.keys }, (_, key) =>
    Number(isGlobal.has(key - positions.startOfKey(key))),
  );
  const listed = [...globalKeys.keys()].filter((key) => globalKeys[key]);
  const near = (batch: number, query: number): readonly [number, number] | null => {
    const [own, start] = [positions.own(batch, query), positions.start(query)];
    if (isGlobal.has(own - start)) return null;
    const first = block ? start + Math.floor((own - start) / block) * block : Number.NEGATIVE_INFINITY;
    const from = Math.max(0, first, own - dilation * left);
    return [from, Math.min(sizes.keys, block ? first + block : Number.POSITIVE_INFINITY, own + dilation * right + 1)];
  };
  const allows = (batch: number, query: number, key: number): boolean => {
    const keys = near(batch, query);
    if (!keys || globalKeys[key]) return true;
    return key >= keys[0] && key < keys[1] && (key - positions.own(batch, query)) % dilation === 0;
  };
  const count = (batch: number, query: number): number => {
    const [low, high] = [Math.max(0, positions.low(batch, query)), positions.high(batch, query)];
    const keys = near(batch, query);
    if (!keys) return Math.max(0, high - low);
    const [own, from] = [positions.own(batch, query), Math.max(low, keys[0])];
    const to = Math.min(high, keys[1]);
    const steps = to > from ? Math.floor((to - 1 - own) / dilation) - Math.floor((from - 1 - own) / dilation) : 0;
    const isFar = (key: number): boolean => key < from || key >= to || (key - own) % dilation !== 0;
    return steps + listed.filter((key) => key >= low && key < high && isFar(key)).length;
  };
  return { dilation, near, globalKeys, allows, count };
}
