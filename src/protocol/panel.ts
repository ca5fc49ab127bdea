import * as v from "valibot";
import { stages } from "../attention/problem.ts";
import type { AttentionRow, CellDerivation, HeadSummary, Tile } from "../attention/result.ts";
import type { ResultSummary } from "./core.ts";

/**
 * Host ↔ webview. The host sends whole snapshots, never deltas; the webview sends `ready`, requests for data it is about
 * to show, and intents. Data answers carry typed arrays. Every message is parsed on arrival; one that does not fit is
 * logged and dropped.
 */

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const causal = v.picklist(["none", "topLeft", "bottomRight"]);
const head = { result: index, batch: index, head: index };

/** What the webview may ask; each answer's type stands in `PanelAnswers`. */
export const panelRequest = v.variant("method", [
  v.object({
    method: v.literal("tile"),
    ...head,
    stage: v.picklist(stages),
    row: index,
    column: index,
    rows: v.pipe(index, v.maxValue(2048)),
    columns: v.pipe(index, v.maxValue(2048)),
    step: v.pipe(v.number(), v.integer(), v.minValue(1)),
  }),
  v.object({ method: v.literal("row"), ...head, query: index }),
  v.object({ method: v.literal("cell"), ...head, query: index, key: index }),
  v.object({ method: v.literal("limits"), ...head, stage: v.picklist(stages) }),
  v.object({ method: v.literal("summaries"), result: index }),
]);
export type PanelRequest = v.InferOutput<typeof panelRequest>;

export interface PanelAnswers {
  tile: Tile;
  row: AttentionRow;
  cell: CellDerivation;
  limits: { minimum: number; maximum: number };
  summaries: readonly HeadSummary[];
}

/** Things a user does in the panel that concern the host. */
export const panelIntent = v.variant("kind", [
  /** A cell was clicked: show in the editor what made it, without moving caret or focus. */
  v.object({
    kind: v.literal("select"),
    result: index,
    batch: index,
    head: index,
    query: index,
    key: v.nullable(index),
  }),
  /** Enter or double-click: caret and focus go to the row of Q. */
  v.object({ kind: v.literal("goTo"), result: index, batch: index, head: index, query: index, key: v.nullable(index) }),
  v.object({ kind: v.literal("clearSelection") }),
  v.object({ kind: v.literal("revealSource") }),
  v.object({ kind: v.literal("setPinned"), pinned: v.boolean() }),
  /** null: as the settings and the document say. */
  v.object({ kind: v.literal("setCausal"), causal: v.nullable(causal) }),
  v.object({ kind: v.literal("setScale"), scale: v.nullable(v.union([v.number(), v.literal("auto")])) }),
  v.object({ kind: v.literal("chooseSite"), site: v.string() }),
  v.object({
    kind: v.literal("command"),
    command: v.picklist(["run", "choose", "openExample", "openInEditor", "openSettings"]),
  }),
]);
export type PanelIntent = v.InferOutput<typeof panelIntent>;

/** Webview → host. */
export const panelMessage = v.variant("type", [
  v.object({ type: v.literal("ready") }),
  v.object({ type: v.literal("request"), id: index, request: panelRequest }),
  v.object({ type: v.literal("cancel"), id: index }),
  v.object({ type: v.literal("intent"), intent: panelIntent }),
  /** An error in the page: goes to the log. */
  v.object({ type: v.literal("failure"), text: v.string() }),
]);
export type PanelMessage = v.InferOutput<typeof panelMessage>;

/** How the source of the panel is doing. */
export type SourceStatus =
  /** The panel shows the text as it is. */
  | "live"
  /** A newer text is being read or computed. */
  | "running"
  /** The text is broken, or no longer has this problem: the last good result is shown. */
  | "stale"
  /** The document was closed or deleted: the last result is shown. */
  | "gone";

/** The complete state of a panel, as the host knows it. Sentences are ready to show. */
export interface PanelSnapshot {
  /** `en`, `zh-cn`, …: for number formats and `lang`. */
  readonly locale: string;
  /** The webview's own words: English → the user's language. Absent entries are English. */
  readonly strings: Readonly<Record<string, string>>;
  /** null: nothing to show yet; the page says what to do. */
  readonly source: PanelSource | null;
  readonly result: ResultSummary | null;
  /** Other attention problems of the same document, for the stepper. */
  readonly sites: readonly { readonly id: string; readonly name: string; readonly current: boolean }[];
  /** Set by the editor's cursor. The page adopts it when `serial` grew. */
  readonly crosshair: { readonly serial: number; readonly query: number | null; readonly key: number | null };
  readonly settings: PanelSettings;
  readonly overrides: {
    readonly causal: "none" | "topLeft" | "bottomRight" | null;
    readonly scale: number | "auto" | null;
  };
}

export interface PanelSource {
  readonly uri: string;
  readonly name: string;
  readonly status: SourceStatus;
  /** Why it is stale or gone, or why there is no result: a sentence. */
  readonly text?: string;
  readonly pinned: boolean;
}

export interface PanelSettings {
  readonly colorMap: string;
}

const failure = v.object({ code: v.string(), text: v.string() });

/** Host → webview. The snapshot is made by our own host; its frame is checked, its inside is typed. */
export const hostMessage = v.variant("type", [
  v.object({
    type: v.literal("snapshot"),
    snapshot: v.custom<PanelSnapshot>((x) => typeof x === "object" && x !== null && "strings" in x && "settings" in x),
  }),
  v.object({ type: v.literal("answer"), id: index, answer: v.unknown() }),
  v.object({ type: v.literal("refusal"), id: index, failure }),
  v.object({ type: v.literal("progress"), id: index, done: v.number() }),
]);
export type HostMessage = v.InferOutput<typeof hostMessage>;
