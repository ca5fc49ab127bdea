import { type Stage, stages } from "../src/attention/problem.ts";
import type { Domain, ScaleKind } from "../src/picture/scale.ts";
import type { ResultSummary } from "../src/protocol/core.ts";
import type { PanelSnapshot } from "../src/protocol/panel.ts";
import type { Part } from "../src/reading/document.ts";
import { firstCell } from "./data/firstCell.ts";

/** A place in a stage: the query and the key, or in `output` the query and the value's dimension. */
export interface Place {
  readonly query: number;
  readonly key: number;
}

export const views = ["map", "lines", "patches"] as const;
export type View = (typeof views)[number];

export type Filter =
  | { readonly kind: "all" }
  | { readonly kind: "top"; readonly count: number }
  | { readonly kind: "threshold"; readonly least: number };

/** What the page alone decides. Kept across reloads; never holds numbers of the document. */
export interface UiState {
  readonly stage: Stage;
  readonly view: View;
  readonly batch: number;
  readonly head: number;
  /** The selected cell; `dimension` is its column where the stage is `output`. */
  readonly query: number;
  readonly key: number;
  readonly dimension: number;
  readonly scale: ScaleKind;
  /** Each row from its own least to its own largest number. */
  readonly perRow: boolean;
  /** null: the setting's for weights, the diverging one for numbers with a sign. */
  readonly colorMap: string | null;
  /** null: the stage's own limits. */
  readonly domain: Domain | null;
  readonly filter: Filter;
  /** Tokens such as `<s>` and `[CLS]` are left out of map and bars. */
  readonly hideSpecial: boolean;
  readonly headSort: HeadSort;
  /** Heads shown together with the current one, by number over the whole batch. */
  readonly together: readonly number[];
  readonly combine: "mean" | "max";
  /** What the map is the difference from. */
  readonly compare: Comparison;
  /** How far the map is zoomed in, and the cell at its corner. */
  readonly zoom: { readonly k: number; readonly query: number; readonly key: number };
  /** Positions before the patches of a picture: its class token. */
  readonly classTokens: number;
  /** Whether positions are patches of a picture; null: as names say. */
  readonly isPicture: boolean | null;
  /** The document that places and limits are about; another one starts anew. */
  readonly about: string | null;
}

/** Where in the matrices the reader is. */
export type Selection = Pick<UiState, "query" | "key" | "dimension">;

export const headSorts = ["position", "entropy", "peak", "sink", "previous", "diagonal", "uniform"] as const;
export type HeadSort = (typeof headSorts)[number];

export type Comparison =
  | { readonly kind: "none" }
  /** The result that the user kept. */
  | { readonly kind: "kept" }
  | { readonly kind: "head"; readonly batch: number; readonly head: number };

export type Sheet = "help" | "table" | null;

export interface PanelState {
  readonly snapshot: PanelSnapshot | null;
  readonly ui: UiState;
  /** The cell under the pointer. */
  readonly pointer: Place | null;
  readonly sheet: Sheet;
  /** A click on a cell forbids it, or allows it again. */
  readonly masking: boolean;
  /** Some cell that was looked at is masked: the legend explains the hatch. */
  readonly maskSeen: boolean;
  /** The map has had a picture. */
  readonly mapSeen: boolean;
  /** Some cell that was looked at is NaN or +∞. */
  readonly alarmSeen: boolean;
  /** Cells along a side of the blocks that the map shows now: 1 where it shows every cell. */
  readonly blockSide: number;
  /** Of what goes in, that which the editor's cursor is on. */
  readonly marked: Part | null;
  /** Grows when work that was stopped is to be done after all. */
  readonly again: number;
  /** Number of the intent that told the host of the newest choice of a cell: what the caret said before is overtaken. */
  readonly picked: number;
  /** Nobody has chosen a key yet: the page goes to the one that says most of the query. */
  readonly untouched: boolean;
  /** The result that the page itself asked to keep: when the host has it, that is no news. */
  readonly keeping: number | null;
}

export type Action =
  | { readonly type: "snapshot"; readonly snapshot: PanelSnapshot }
  | { readonly type: "ui"; readonly change: Partial<UiState> | ((ui: UiState) => Partial<UiState>) }
  | { readonly type: "pick"; readonly selection: Partial<Selection & Pick<UiState, "stage">>; readonly intent: number }
  /** The key that a query attends to most. */
  | { readonly type: "telling"; readonly query: number; readonly key: number }
  | { readonly type: "keep"; readonly result: number }
  | { readonly type: "point"; readonly place: Place | null }
  | { readonly type: "sheet"; readonly sheet: Sheet }
  | { readonly type: "masking"; readonly masking: boolean }
  | { readonly type: "mapSeen" }
  | { readonly type: "maskSeen" }
  | { readonly type: "alarmSeen" }
  | { readonly type: "blocks"; readonly side: number }
  | { readonly type: "again" };

export const firstUi: UiState = {
  stage: "weights",
  view: "map",
  batch: 0,
  head: 0,
  query: 0,
  key: 0,
  dimension: 0,
  scale: "linear",
  perRow: false,
  colorMap: null,
  domain: null,
  filter: { kind: "all" },
  hideSpecial: false,
  headSort: "position",
  together: [],
  combine: "mean",
  compare: { kind: "none" },
  zoom: { k: 1, query: 0, key: 0 },
  classTokens: 1,
  isPicture: null,
  about: null,
};

export function firstState(ui: UiState = firstUi): PanelState {
  return {
    snapshot: null,
    ui,
    pointer: null,
    sheet: null,
    masking: false,
    mapSeen: false,
    maskSeen: false,
    alarmSeen: false,
    blockSide: 1,
    marked: null,
    again: 0,
    picked: 0,
    untouched: false,
    keeping: null,
  };
}

/** The next state. Places always lie inside the result that is shown. */
export function reduce(state: PanelState, action: Action): PanelState {
  switch (action.type) {
    case "snapshot":
      return adopted(state, action.snapshot);
    case "ui":
      return changedUi(state, typeof action.change === "function" ? action.change(state.ui) : action.change);
    case "pick":
      return {
        ...changedUi(state, action.selection),
        picked: action.intent,
        untouched: state.untouched && action.selection.stage !== undefined,
      };
    case "telling":
      return state.untouched && action.query === state.ui.query ? changedUi(state, { key: action.key }) : state;
    case "keep":
      return { ...changedUi(state, { compare: { kind: "kept" } }), keeping: action.result };
    case "point":
      return same(state.pointer, action.place) ? state : { ...state, pointer: action.place };
    case "sheet":
      return { ...state, sheet: action.sheet };
    case "masking":
      return { ...state, masking: action.masking };
    case "mapSeen":
      return state.mapSeen ? state : { ...state, mapSeen: true };
    case "maskSeen":
      return state.maskSeen ? state : { ...state, maskSeen: true };
    case "alarmSeen":
      return state.alarmSeen ? state : { ...state, alarmSeen: true };
    case "blocks":
      return state.blockSide === action.side ? state : { ...state, blockSide: action.side };
    case "again":
      return { ...state, again: state.again + 1 };
  }
}

function changedUi(state: PanelState, change: Partial<UiState>): PanelState {
  const marked = change.stage === undefined ? state.marked : null;
  return { ...state, ui: inside({ ...state.ui, ...change }, state.snapshot?.result), marked };
}

/**
 * The editor's cursor moves crosshair and stage once: when its serial is newer than the one that was adopted, and nothing was
 * chosen here since.
 */
function adopted(state: PanelState, snapshot: PanelSnapshot): PanelState {
  const { crosshair, part, result } = snapshot;
  const isCurrent = snapshot.heard >= state.picked;
  const moved = isCurrent && crosshair.serial > (state.snapshot?.crosshair.serial ?? 0);
  const come = isCurrent && part && part.serial > (state.snapshot?.part?.serial ?? 0) ? part.part : null;
  const stage = come === "mask" ? "masked" : stages.find((each) => each === come);
  const isFresh = result !== null && result.uri !== state.ui.about;
  const before = isFresh ? { ...state.ui, ...freshPlaces(result) } : state.ui;
  const ui = {
    ...before,
    ...(moved && { query: crosshair.query ?? before.query, key: crosshair.key ?? before.key }),
    ...(stage && { stage }),
    ...(isNewBaseline(state, snapshot) && { compare: { kind: "kept" } as const }),
  };
  const same = result?.result === state.snapshot?.result?.result;
  return {
    ...state,
    snapshot,
    untouched: (isFresh || state.untouched) && !(moved && crosshair.key !== null),
    ui: inside(ui, result),
    pointer: same ? state.pointer : null,
    marked: come === null ? state.marked : stage ? null : come,
    maskSeen: same && state.maskSeen,
    alarmSeen: same && state.alarmSeen,
  };
}

/** In another document nothing of what was looked at before has a meaning. */
function freshPlaces(result: ResultSummary): Partial<UiState> {
  const { domain, zoom, together, dimension, compare, isPicture } = firstUi;
  return { ...firstCell(result), domain, zoom, together, dimension, compare, isPicture, about: result.uri };
}

/** What the host keeps to compare with is shown at once; after a reload the page shows what it showed before. */
function isNewBaseline({ snapshot: before, keeping }: PanelState, { baseline }: PanelSnapshot): boolean {
  if (before === null || baseline === null || baseline.result === keeping) return false;
  return baseline.result !== before.baseline?.result;
}

/** A place on the map, which in `output` has a dimension for its column. */
export function placed(stage: Stage, { query, key }: Place): Partial<Selection> {
  return stage === "output" ? { query, dimension: key } : { query, key };
}

function inside(ui: UiState, result: ResultSummary | null | undefined): UiState {
  if (!result) return ui;
  const { batch, heads, queries, keys, valueSize } = result.sizes;
  return {
    ...ui,
    stage: result.stages.includes(ui.stage) ? ui.stage : "weights",
    batch: clamped(ui.batch, batch),
    head: clamped(ui.head, heads),
    query: clamped(ui.query, queries),
    key: clamped(ui.key, keys),
    dimension: clamped(ui.dimension, valueSize),
    together: ui.together.filter((head) => head < batch * heads),
    compare:
      ui.compare.kind === "head" && ui.compare.batch * heads + ui.compare.head >= batch * heads
        ? { kind: "none" }
        : ui.compare,
  };
}

function clamped(index: number, count: number): number {
  return Math.max(0, Math.min(index, count - 1));
}

function same(a: Place | null, b: Place | null): boolean {
  return a === b || (a?.query === b?.query && a?.key === b?.key);
}

/** The selected cell of the stage that is shown. */
export function selected({ stage, query, key, dimension }: UiState): Place {
  return { query, key: stage === "output" ? dimension : key };
}

/** Heads by number over the whole batch. */
export function flatHead({ batch, head }: { readonly batch: number; readonly head: number }, heads: number): number {
  return batch * heads + head;
}

/** Rows and columns of a stage. */
export function stageSize(stage: Stage, { sizes }: ResultSummary): { readonly rows: number; readonly columns: number } {
  return { rows: sizes.queries, columns: stage === "output" ? sizes.valueSize : sizes.keys };
}
