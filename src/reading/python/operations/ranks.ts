import { namelessSize, type Size, same } from "../run/dims.ts";
import { type Machine, unclear } from "../run/machine.ts";
import { dimsOf, type RankFrom, type ShapeCell, type Shaped, type TensorValue } from "../run/tensorValue.ts";

/** Sets the sizes of a tensor whose rank was not known, and so the rank of what it was made from. */
export function tell(t: Shaped, dims: readonly Size[], m: Machine): void {
  if (dimsOf(t) !== null) return;
  const { rank, follow } = t.shape;
  if (rank && dims.length >= rank.more && dims.length > (rank.above ?? -1))
    tellRank(m, rank.of, dims.length - rank.more);
  const derived = dimsOf(t);
  if (derived?.length !== dims.length) m.state.set(t.shape, "dims", dims);
  else for (const [axis, size] of derived.entries()) m.symbols.merge(size, dims[axis]!);
  follow?.(dims);
}

/** Sets how many axes a tensor has whose rank was not known. */
export function tellRank(m: Machine, t: Shaped, rank: number): void {
  tell(
    t,
    Array.from({ length: rank }, (_, axis) => m.symbols.fresh(namelessSize(axis))),
    m,
  );
}

/** The shape of a result that has so many axes more than `t`: where no rank is known yet, either tells the other. */
export function withRankOf(
  t: TensorValue,
  more: number,
  cell: ShapeCell,
  how: Pick<RankFrom, "above" | "inFront"> = {},
): ShapeCell {
  if (cell.dims === null && dimsOf(t) === null) cell.rank = { of: { shape: t.shape }, more, ...how };
  return cell;
}

/** Sizes of a tensor of unknown rank that were asked for, by their axes, those from the end as well. */
export function askedOf(m: Machine, t: TensorValue): ReadonlyMap<number, Size> {
  const found = new Map<number, Size>();
  for (let cell: ShapeCell | undefined = t.shape; cell; cell = cell.rank?.inFront ? cell.rank.of.shape : undefined)
    for (const [axis, size] of cell.asked ?? [])
      if (axis >= 0 || cell === t.shape) found.set(axis, m.symbols.resolve(size));
  return found;
}

/**
 * The rank that makes an axis of `t` that was asked for by its number meet the axis of that size in what `t` is broadcast
 * with: `x + places[:, :x.size(1)]`. null where nothing says so.
 */
export function rankByMeeting(m: Machine, t: TensorValue, other: readonly Size[]): number | null {
  const ranks = new Set<number>();
  for (const [axis, asked] of askedOf(m, t))
    if (axis >= 0)
      for (const [at, size] of other.entries())
        if (same(m.symbols.resolve(size), asked)) ranks.add(other.length + axis - at);
  return ranks.size === 1 ? [...ranks][0]! : null;
}

/** Where the ranks of two tensors hang on that of a third one alike, the one with the most axes of them; else null. */
export function sameRankSource(a: TensorValue, b: TensorValue): TensorValue | null {
  const [first, second] = [rankSource(a), rankSource(b)];
  if (first.cell !== second.cell) return null;
  return first.more >= second.more ? a : b;
}

function rankSource(t: TensorValue): { readonly cell: ShapeCell; readonly more: number } {
  let [cell, more] = [t.shape, 0];
  for (let rank = cell.rank; rank && rank.above === undefined; rank = cell.rank) {
    more += rank.more;
    cell = rank.of.shape;
  }
  return { cell, more };
}

/** The sizes of an operand that has so many axes; where nobody calls, one of unknown rank is told so. */
export function dimsOfRank(m: Machine, t: TensorValue, rank: number): readonly Size[] {
  if (dimsOf(t) === null && m.symbolic) tellRank(m, t, rank);
  return dimsOf(t) ?? unclear("python.unknownRank");
}
