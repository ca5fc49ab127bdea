import * as v from "valibot";
import { stages } from "../src/attention/problem.ts";
import { scaleKinds } from "../src/picture/scale.ts";
import { firstUi, headSorts, type PanelState, type UiState, views } from "./state.ts";

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const filter = v.variant("kind", [
  v.object({ kind: v.literal("all") }),
  v.object({ kind: v.literal("top"), count: index }),
  v.object({ kind: v.literal("threshold"), least: v.number() }),
]);
const ui = v.object({
  stage: v.picklist(stages),
  view: v.picklist(views),
  batch: index,
  head: index,
  query: index,
  key: index,
  dimension: index,
  scale: v.picklist(scaleKinds),
  perRow: v.boolean(),
  colorMap: v.nullable(v.string()),
  domain: v.nullable(v.object({ minimum: v.number(), maximum: v.number() })),
  filter,
  hideSpecial: v.boolean(),
  headSort: v.picklist(headSorts),
  together: v.array(index),
  combine: v.picklist(["mean", "max"]),
  compare: v.variant("kind", [
    v.object({ kind: v.literal("none") }),
    v.object({ kind: v.literal("kept") }),
    v.object({ kind: v.literal("head"), batch: index, head: index }),
  ]),
  zoom: v.object({ k: v.pipe(v.number(), v.minValue(1)), query: v.number(), key: v.number() }),
  classTokens: index,
  isPicture: v.nullable(v.boolean()),
  about: v.nullable(v.string()),
});

/** What survives a reload of the page: choices and places, never numbers. The host reads all but `ui` (`restoredState.ts`). */
export function persisted({ snapshot, ui }: PanelState): object {
  if (!snapshot) return { ui };
  const { source, overrides, sites } = snapshot;
  const site = sites.find(({ current }) => current)?.id || null;
  return { ui, overrides, site, ...(source && { source: { uri: source.uri, pinned: source.pinned } }) };
}

/** What was kept, as far as it still makes sense: an older version's state may lack parts. */
export function restored(kept: unknown): UiState {
  if (typeof kept !== "object" || kept === null || !("ui" in kept)) return firstUi;
  const parsed = v.safeParse(ui, { ...firstUi, ...(kept.ui as object) });
  return parsed.success ? parsed.output : firstUi;
}
