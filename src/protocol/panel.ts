import * as v from "valibot";
import { stages } from "../attention/problem.ts";
import type { AttentionRow, CellDerivation, HeadSummary, Limits, Tile } from "../attention/result.ts";
import type { TourPage } from "../explain/tour/tour.ts";
import type { Part } from "../reading/document.ts";
import type { Divergence, InputTile, ResultSummary, RowLimits, TopKeys } from "./core.ts";
import { type WhatIf, whatIfChange } from "./whatIf.ts";

/**
 * Host ↔ webview. The host sends whole snapshots, never deltas; the webview sends `ready`, requests for data it is about
 * to show, and intents. Data answers carry typed arrays. Every message is parsed on arrival; one that does not fit is
 * logged and dropped.
 */

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const head = { result: index, batch: index, head: index };
const blocks = {
  row: index,
  column: index,
  rows: v.pipe(index, v.maxValue(2048)),
  columns: v.pipe(index, v.maxValue(2048)),
  step: v.pipe(v.number(), v.integer(), v.minValue(1)),
};
const stage = v.picklist(stages);
const parts = ["query", "key", "value", ...stages] as const;
const oneHead = v.object(head);
/** The share of rows that the asker has seen: a draft that knows more is welcome. Absent: only all rows are. */
const beyond = v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)));

/** What the webview may ask; each answer's type stands in `PanelAnswers`. */
export const panelRequest = v.variant("method", [
  v.object({ method: v.literal("tile"), ...head, stage, ...blocks, beyond }),
  /** A rectangle of what goes in: this head's query, or the key or value that it uses (transposed by whoever draws). */
  v.object({ method: v.literal("input"), ...head, role: v.picklist(["query", "key", "value"]), ...blocks }),
  v.object({ method: v.literal("row"), ...head, query: index }),
  /** The largest weights of a query: for rows that are too long to be sent whole. */
  v.object({ method: v.literal("top"), ...head, query: index, count: v.pipe(index, v.maxValue(4096)) }),
  v.object({ method: v.literal("cell"), ...head, query: index, key: index }),
  v.object({ method: v.literal("limits"), ...head, stage, beyond }),
  /** Least and largest number of each block of `step` rows: what the per-row scale spans. */
  v.object({
    method: v.literal("rowLimits"),
    ...head,
    stage,
    row: index,
    rows: v.pipe(index, v.maxValue(4096)),
    step: blocks.step,
  }),
  v.object({ method: v.literal("summaries"), result: index }),
  /** minus `other`: of each block the difference that is largest in size, with its sign. */
  v.object({ method: v.literal("difference"), ...head, stage, other: oneHead, ...blocks }),
  v.object({ method: v.literal("divergence"), ...head, other: oneHead }),
]);
export type PanelRequest = v.InferOutput<typeof panelRequest>;

export interface PanelAnswers {
  tile: Tile;
  input: InputTile;
  row: AttentionRow;
  top: TopKeys;
  cell: CellDerivation;
  limits: Limits;
  rowLimits: RowLimits;
  summaries: readonly HeadSummary[];
  difference: Tile;
  divergence: Divergence;
}

/** A number of what goes in, by its place for one query head (of K and V: in the key/value head that it uses). */
const place = { ...head, role: v.picklist(["query", "key", "value", "mask"]), row: index, column: index };
const number = { ...place, value: v.number() };

/** Formats that the core writes: of a whole stage of one head, or of one cell (`latex`), or of the problem (code). */
export const exportFormats = ["csv", "json", "npy", "svg", "latex", "numpy", "pytorch"] as const;
export type ExportFormat = (typeof exportFormats)[number];

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
  /** A stage, or what goes in, was clicked: show the expression that makes it, without moving caret or focus. */
  v.object({ kind: v.literal("selectPart"), result: index, part: v.picklist(parts) }),
  /** Stops reading and computing; the last result stays. */
  v.object({ kind: v.literal("stop") }),
  v.object({ kind: v.literal("revealSource") }),
  v.object({ kind: v.literal("setPinned"), pinned: v.boolean() }),
  /** A step of what is tried out. */
  v.object({ kind: v.literal("tryOut"), change: whatIfChange }),
  /** Takes the last step back. */
  v.object({ kind: v.literal("takeBack") }),
  /** While a number is dragged: the weights as they would be; null: as the text is. Nothing in the file changes. */
  v.object({ kind: v.literal("preview"), number: v.nullable(v.object({ ...number })) }),
  /** On release, or when it was typed: one edit of the text, one undo step. */
  v.object({ kind: v.literal("edit"), number: v.object({ ...number }), precision: v.picklist(["drag", "exact"]) }),
  /** A key on a number: so many steps of its own size from what the text says by then. */
  v.object({ kind: v.literal("nudge"), number: v.object(place), steps: v.pipe(v.number(), v.integer()) }),
  /** Ctrl+Z and Ctrl+Y in the panel: the document's last step; the focus comes back. */
  v.object({ kind: v.literal("undo") }),
  v.object({ kind: v.literal("redo") }),
  v.object({ kind: v.literal("chooseSite"), site: v.string() }),
  /** Keeps the result that is shown, to compare others with it; null forgets it. It comes back as `snapshot.baseline`. */
  v.object({ kind: v.literal("keepBaseline"), result: v.nullable(index) }),
  /** Asks the core for an export; the host saves it through a dialog or puts it on the clipboard. */
  v.object({
    kind: v.literal("export"),
    ...head,
    stage,
    format: v.picklist(exportFormats),
    to: v.picklist(["file", "clipboard"]),
    query: v.nullable(index),
    key: v.nullable(index),
    picture: v.object({ colorMap: v.string(), scale: v.picklist(["linear", "log"]) }),
  }),
  /** Bytes that the page made itself (PNG), to be saved through a dialog; `name` is what the dialog suggests. */
  v.object({ kind: v.literal("save"), name: v.string(), bytes: v.instance(Uint8Array) }),
  v.object({ kind: v.literal("copy"), text: v.string() }),
  /** Writes the weights of this head into the document as JSON. */
  v.object({ kind: v.literal("insertWeights"), ...head }),
  /** The page of this tour that is shown; the host only remembers it. */
  v.object({ kind: v.literal("turnTour"), serial: index, page: index }),
  v.object({ kind: v.literal("closeTour"), serial: index }),
  v.object({
    kind: v.literal("command"),
    command: v.picklist(["run", "choose", "openExample", "openInEditor", "openSettings", "compareWithHead"]),
  }),
]);
export type PanelIntent = v.InferOutput<typeof panelIntent>;

/** Webview → host. */
export const panelMessage = v.variant("type", [
  /** With the document in which the page, before it was closed, had a cell selected; null: none. */
  v.object({ type: v.literal("ready"), selectedIn: v.nullable(v.string()) }),
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
  /** How many intents of this page the host had heard by then: what the page wished since is not in here yet. */
  readonly heard: number;
  /** `en`, `zh-cn`, …: for number formats and `lang`. */
  readonly locale: string;
  /** The webview's own words: English → the user's language. Absent entries are English. */
  readonly strings: Readonly<Record<string, string>>;
  /** null: nothing to show yet; the page says what to do. */
  readonly source: PanelSource | null;
  readonly result: ResultSummary | null;
  /** Attention problems of the same document, for the stepper; `current` is the one that is wanted, also while it is computed. */
  readonly sites: readonly { readonly id: string; readonly name: string; readonly current: boolean }[];
  /** Set by the editor's cursor. The page adopts it when `serial` grew, unless a cell was chosen in the page since. */
  readonly crosshair: { readonly serial: number; readonly query: number | null; readonly key: number | null };
  /** Set by the editor's cursor on an expression that plays a part; adopted like the crosshair. */
  readonly part?: { readonly serial: number; readonly part: Part | null };
  /** Shown instead of the stages until it is closed. */
  readonly tour?: PanelTour | null;
  readonly settings: PanelSettings;
  /** What the user tries out. */
  readonly overrides: WhatIf;
  /** There is a step to be taken back. */
  readonly canTakeBack: boolean;
  /** Kept to compare with; null: none. */
  readonly baseline: ResultSummary | null;
  /** What a reader should know of the result: sentences. */
  readonly notes: readonly string[];
}

/** Text to read in the panel: the guided tour, or everything about one place. */
export interface PanelTour {
  readonly serial: number;
  readonly title: string;
  readonly pages: readonly TourPage[];
  readonly page: number;
}

export interface PanelSource {
  readonly uri: string;
  readonly name: string;
  readonly status: SourceStatus;
  /** Why it is stale or gone, or why there is no result: a sentence. */
  readonly text?: string;
  readonly pinned: boolean;
  /** While it is running, where that is known: the share that is done, 0 … 1. */
  readonly done?: number;
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
