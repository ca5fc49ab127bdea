import { useEffect, useMemo, useReducer, useRef } from "preact/hooks";
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
  return useMemo(() => {
    const limits = tile && finiteDomain(tile.values);
    return limits ? { ...limits, isBound: tile.step > 1 } : limits;
  }, [tile]);
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
  const combine = subject?.combine ?? "mean";
  const question = JSON.stringify([combine, asked]);
  const made = useRef<{ readonly question: string; readonly tile: Tile } | null>(null);
  if (asked.length > 0 && made.current?.question !== question) {
    const tiles = asked.map((each) => answers.known<"tile">(each)).filter((tile) => tile !== undefined);
    if (tiles.length === asked.length) {
      made.current = { question, tile: { ...tiles[0]!, values: combined(tiles, combine) } };
    }
  }
  useEffect(() => {
    const giveUp = new AbortController();
    Promise.all(asked.map((each) => answers.ask<"tile">(each, giveUp.signal))).then(
      () => giveUp.signal.aborted || draw(0),
      (error: unknown) => giveUp.signal.aborted || isQuiet(error) || link.failure(`heads together: ${String(error)}`),
    );
    return () => giveUp.abort();
  }, [question, answers]);
  if (asked.length === 0) return null;
  return made.current?.question === question ? made.current.tile : undefined;
}
