import type { Stage } from "../../src/attention/problem.ts";
import type { Tile } from "../../src/attention/result.ts";
import type { HostLink } from "../hostLink.ts";
import type { Rectangle } from "../map/tiles.ts";

export interface HeadOf {
  readonly result: number;
  readonly batch: number;
  readonly head: number;
}

/** What a map shows: one stage of a head, of several heads together, or its difference from another head. */
export interface Subject extends HeadOf {
  readonly stage: Stage;
  /** Further heads, combined with this one cell by cell. */
  readonly together?: readonly HeadOf[];
  readonly combine?: "mean" | "max";
  readonly other?: HeadOf;
}

/** A tile of the subject, made of as many answers as it takes. */
export async function askTile(
  link: HostLink,
  subject: Subject,
  rectangle: Rectangle,
  signal: AbortSignal,
  beyond?: number,
): Promise<Tile> {
  const { result, batch, head, stage, together = [], combine = "mean", other } = subject;
  const own = { result, batch, head };
  if (other) return link.request<"difference">({ method: "difference", ...own, stage, other, ...rectangle }, signal);
  const one = (of: HeadOf) => link.request<"tile">({ method: "tile", ...of, stage, ...rectangle, beyond }, signal);
  const first = await one(own);
  if (together.length === 0) return first;
  const rest = await Promise.all(together.map(one));
  const tile = { ...first, values: combined([first, ...rest], combine) };
  const known = Math.min(...[first, ...rest].map((each) => each.known ?? 1));
  return known < 1 ? { ...tile, known } : tile;
}

/** Cell by cell. For blocks of several cells the mean is that of the blocks' maxima. */
export function combined(tiles: readonly Tile[], combine: "mean" | "max"): Float32Array {
  const values = Float32Array.from(tiles[0]!.values);
  for (const tile of tiles.slice(1)) {
    for (let i = 0; i < values.length; i++) {
      values[i] = combine === "mean" ? values[i]! + tile.values[i]! : Math.max(values[i]!, tile.values[i]!);
    }
  }
  if (combine === "mean") for (let i = 0; i < values.length; i++) values[i]! /= tiles.length;
  return values;
}
