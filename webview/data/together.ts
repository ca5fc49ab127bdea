import { useEffect, useMemo, useReducer } from "preact/hooks";
import type { Tile } from "../../src/attention/result.ts";
import type { Domain } from "../../src/picture/scale.ts";
import { finiteDomain } from "../../src/picture/scale.ts";
import { usePanel, useResult } from "../context.ts";
import type { Rectangle } from "../map/tiles.ts";
import { type Place, stageSize } from "../state.ts";
import { isQuiet } from "./answers.ts";
import { combined } from "./askTile.ts";
import { useSubject } from "./subject.ts";

/** Cells along the side of what is asked for around a cell: who points at one will point at those beside it. */
const around = 32;
/** Blocks along the side of the overview out of which limits are read. */
const overview = 64;

/** The number of a cell as the map shows it, of several heads together; null: one head is shown; undefined: not known yet. */
export function useTogetherValue({ query, key }: Place): number | null | undefined {
  const [row, column] = [query - (query % around), key - (key % around)];
  const tile = useTogether((rows, columns) => ({
    row,
    column,
    rows: Math.min(around, rows - row),
    columns: Math.min(around, columns - column),
    step: 1,
  }));
  if (!tile) return tile;
  return tile.values[(query - row) * tile.columns + key - column];
}

/** The whole stage of several heads together, in few blocks; null: one head is shown; undefined: not known yet. */
export function useTogetherOverview(): Tile | null | undefined {
  return useTogether((rows, columns) => {
    const step = 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(rows, columns) / overview)));
    return { row: 0, column: 0, step, rows: Math.ceil(rows / step), columns: Math.ceil(columns / step) };
  });
}

/** What the numbers of several heads together span; of blocks of more than one cell only what they stay below. */
export function useTogetherLimits(): (Domain & { readonly isBound: boolean }) | null | undefined {
  const tile = useTogetherOverview();
  const identity = tile && JSON.stringify([tile.row, tile.step, finiteDomain(tile.values)]);
  return useMemo(() => {
    const limits = tile && finiteDomain(tile.values);
    return limits ? { ...limits, isBound: tile.step > 1 } : limits;
  }, [identity]);
}

/** A tile of the heads that are shown together, cell by cell. */
function useTogether(rectangleIn: (rows: number, columns: number) => Rectangle): Tile | null | undefined {
  const { answers, link } = usePanel();
  const [, draw] = useReducer((n: number) => n + 1, 0);
  const subject = useSubject();
  const result = useResult();
  const size = subject?.together && result ? stageSize(subject.stage, result) : null;
  const rectangle = size && size.rows * size.columns > 0 ? rectangleIn(size.rows, size.columns) : null;
  const asked = rectangle
    ? [subject!, ...subject!.together!].map(({ result, batch, head }) => {
        return { method: "tile", result, batch, head, stage: subject!.stage, ...rectangle } as const;
      })
    : [];
  const known = asked.map((each) => answers.known<"tile">(each));
  const question = JSON.stringify(asked);
  useEffect(() => {
    const giveUp = new AbortController();
    Promise.all(asked.map((each) => answers.ask<"tile">(each, giveUp.signal))).then(
      () => giveUp.signal.aborted || draw(0),
      (error: unknown) => giveUp.signal.aborted || isQuiet(error) || link.failure(`heads together: ${String(error)}`),
    );
    return () => giveUp.abort();
  }, [question, answers]);
  if (asked.length === 0) return null;
  if (known.includes(undefined)) return undefined;
  const tiles = known as Tile[];
  return { ...tiles[0]!, values: combined(tiles, subject!.combine ?? "mean") };
}
