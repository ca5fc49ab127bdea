import { useMemo } from "preact/hooks";
import type { ResultSummary } from "../../src/protocol/core.ts";
import type { Translate } from "../../src/tensor/message.ts";
import { useTranslate } from "../context.ts";
import { tokenName } from "../words.ts";
import { type PatchGrid, usePatchGrid } from "./patches.ts";

type NameOf = (index: number) => string;

/** What queries and keys are called: by their words, as patches of a picture by row and column, else by number. */
export interface Names {
  readonly query: NameOf;
  readonly key: NameOf;
  /** Where there is little room: beside the map and in narrow columns. */
  readonly shortQuery: NameOf;
  readonly shortKey: NameOf;
}

export function useNames(result: ResultSummary): Names {
  const translate = useTranslate();
  const grid = usePatchGrid(result);
  return useMemo(() => (grid ? patchNames(grid, translate) : wordNames(result)), [result, grid, translate]);
}

function wordNames({ queryTokens, keyTokens }: ResultSummary): Names {
  const query: NameOf = (index) => tokenName(queryTokens, index);
  const key: NameOf = (index) => tokenName(keyTokens, index);
  return { query, key, shortQuery: query, shortKey: key };
}

/** Rows and columns of the picture count from 0, as everything does that an index stands for. */
function patchNames(grid: PatchGrid, translate: Translate): Names {
  const { side, classTokens } = grid;
  const named =
    (write: (row: number, column: number) => string): NameOf =>
    (index) => {
      if (index < classTokens) return frontName(index, grid, translate);
      const patch = index - classTokens;
      return write(Math.floor(patch / side), patch % side);
    };
  const full = named((row, column) => translate("row {0}, column {1}", { 0: row, 1: column }));
  const short = named((row, column) => translate("r{0} c{1}", { 0: row, 1: column }));
  return { query: full, key: full, shortQuery: short, shortKey: short };
}

/** One in front stands for the picture (ViT); of two the other is DeiT's; of five four are registers (DINOv2). */
function frontName(index: number, { classTokens }: PatchGrid, translate: Translate): string {
  if (index === 0) return translate("class token");
  return classTokens === 2 ? translate("distillation token") : translate("register {0}", { 0: index });
}
