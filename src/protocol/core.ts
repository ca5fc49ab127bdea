import type { Form } from "../attention/forms/formOf.ts";
import type { AttentionSizes, Causal, Stage } from "../attention/problem.ts";
import type {
  AttentionRow,
  CellDerivation,
  Head,
  HeadSummary,
  Limits,
  RowStatistics,
  Tile,
  TileRequest,
} from "../attention/result.ts";
import type { Facts } from "../explain/facts.ts";
import type { TourFacts } from "../explain/tour/tourFacts.ts";
import type { Exported, ExportRequest, ExportSource } from "../exporting/exportStage.ts";
import type { TextFormat } from "../exporting/tensorText.ts";
import type {
  AttentionSite,
  Dim,
  FilePlace,
  Language,
  Origin,
  Part,
  Role,
  Severity,
  SiteAxis,
  TextRange,
} from "../reading/document.ts";
import type { NumberEdit } from "../reading/edit.ts";
import type { TextChange } from "../reading/pieceText.ts";
import type { DType } from "../tensor/dtype.ts";
import type { Message, Outcome } from "../tensor/message.ts";
import type { Statistics } from "../tensor/statistics.ts";
import type { Foreseen, Habit } from "./foresight.ts";

/**
 * What the extension host asks of the core, which lives in a worker and holds texts, tensors and results. Every method
 * takes one argument and answers a promise; `rpc.ts` carries them. Offsets are UTF-16 code units. Methods that name a
 * document answer for its newest text; answers carry the `version` they are about.
 */
export interface CoreApi {
  open(request: OpenRequest): Promise<DocumentSummary>;
  /** Opens a file that is no document of the editor's: read by the core itself, or from bytes that it is given. */
  openFile(request: OpenFileRequest): Promise<DocumentSummary>;
  /** Applies edits to the mirror and reads it again. Rejects as `superseded` when newer edits arrived meanwhile. */
  change(request: ChangeRequest): Promise<DocumentSummary & { readonly again?: Foreseen }>;
  /** Reads on where a document was only read in a hurry, because someone typed. */
  refine(request: { uri: string }): Promise<DocumentSummary>;
  /**
   * The cells of one notebook, in order: each is read with those before it, as a kernel would run them. Nothing is read at
   * once; `change` without changes reads a cell again.
   */
  cells(request: { uris: readonly string[] }): Promise<null>;
  /** Files that summaries have asked for. Nothing is read at once; `change` without changes reads a document again. */
  files(request: { files: readonly HandedFile[] }): Promise<null>;
  close(request: { uri: string }): Promise<null>;
  /** Everything a hover says about this place; null where there is no tensor. */
  facts(request: PlaceRequest): Promise<Facts | null>;
  /** What the guided tour shows of an attention problem: the chosen one, else the first that can be computed; null without one. */
  tour(request: TourRequest): Promise<TourFacts | null>;
  /** Which tensor, element and site position is at this offset: what moves the panel's crosshair. */
  locate(request: PlaceRequest): Promise<Located | null>;
  /** Where elements or whole rows are written. An element that is written nowhere gives null. */
  ranges(request: RangesRequest): Promise<readonly (TextRange | null)[]>;
  /** Where the words of a query and of a key are written; null where they are not. */
  words(request: WordsRequest): Promise<{ query: TextRange | null; key: TextRange | null }>;
  attend(request: AttendRequest): Promise<Outcome<ResultSummary>>;
  tile(request: { result: number; tile: TileRequest }): Promise<Tile>;
  row(request: RowRequest): Promise<AttentionRow>;
  cell(request: { result: number; batch: number; head: number; query: number; key: number }): Promise<CellDerivation>;
  /** A draft where `beyond` allows it, as for tiles. */
  limits(request: HeadRequest & { stage: Stage; beyond?: number | undefined }): Promise<Limits>;
  summaries(request: { result: number }): Promise<readonly HeadSummary[]>;
  input(request: HeadRequest & Blocks & { role: "query" | "key" | "value" }): Promise<InputTile>;
  top(request: HeadRequest & { query: number; count: number }): Promise<TopKeys>;
  rowLimits(request: HeadRequest & { stage: Stage; row: number; rows: number; step: number }): Promise<RowLimits>;
  /** `result` − `other`, two heads of one size. */
  difference(request: HeadRequest & Blocks & { stage: Stage; other: HeadRequest }): Promise<Tile>;
  divergence(request: HeadRequest & { other: HeadRequest }): Promise<Divergence>;
  /** A stage, a cell or a head as a file; `words` are what a figure is labelled with. */
  export(
    request: ExportRequest & Pick<ExportSource, "words"> & { readonly result: number },
  ): Promise<Outcome<Exported>>;
  /** A tensor as text to paste into other programs. */
  copy(request: { uri: string; tensor: string; as: TextFormat }): Promise<Outcome<string>>;
  /** A tensor as the bytes of a .npy file. */
  npy(request: { uri: string; tensor: string }): Promise<Outcome<Uint8Array<ArrayBuffer>>>;
  /** The edit of the text that gives an element another value; the document itself is changed by whoever asked. */
  edit(request: EditRequest): Promise<Outcome<NumberEdit>>;
  /** Shapes to show beside names or expressions of code, in a stretch of its text. */
  hints(request: HintsRequest): Promise<Hints>;
  /** What to tint in a stretch of text, and how strongly. */
  paint(request: PaintRequest): Promise<Painted>;
  /** One answer a tensor; null where it has no values, or more than `limit` of them. */
  statistics(request: {
    uri: string;
    tensors: readonly string[];
    limit: number;
  }): Promise<readonly (Statistics | null)[]>;
  /** How much of a file is read, or of a head's weights (null: of all heads') computed, 0 … 1; null where that is not known. */
  progress(of: { uri: string } | { result: number; head: Head | null }): Promise<number | null>;
  /** Frees a result. Asking for one that is gone rejects as `gone`. */
  release(request: { result: number }): Promise<null>;
  /** Answers at once, unless the core is at something that gives no way. */
  alive(request: null): Promise<null>;
}

/** One head of a result. */
export interface HeadRequest {
  readonly result: number;
  readonly batch: number;
  readonly head: number;
}

export interface RowRequest extends HeadRequest {
  readonly query: number;
}

/** A rectangle in blocks of `step`×`step` cells, as in `TileRequest`. */
export interface Blocks {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
  readonly step: number;
}

export interface OpenRequest {
  readonly uri: string;
  readonly language: Language;
  readonly version: number;
  readonly text: string;
  /** The folder up to which files that it imports are looked for, where the core cannot read them by itself. */
  readonly root?: string;
}

/** A file by its address; null: there is none. */
export interface HandedFile {
  readonly uri: string;
  readonly text: string | null;
}

/** One of `path` (where the core can read files) and `bytes` (UTF-8). */
export interface OpenFileRequest extends Omit<OpenRequest, "text" | "root"> {
  readonly path?: string;
  readonly bytes?: Uint8Array;
}

export interface ChangeRequest {
  readonly uri: string;
  readonly version: number;
  /** In the order of VS Code's event: each range is in the text before any of them, last place first. */
  readonly changes: readonly TextChange[];
  /** To be answered of the new reading at once, beside it. Left out where it would delay the reading: code. */
  readonly again?: Habit;
}

export interface PlaceRequest {
  readonly uri: string;
  readonly offset: number;
  /** What the user chose for this document; absent: the sites that the reader found. */
  readonly choice?: Choice;
  /** As in `AttendRequest`: hovers speak of the same result as the panel. */
  readonly options?: AttendOptions;
}

export interface TourRequest {
  readonly uri: string;
  readonly choice?: Choice;
  readonly options?: AttendOptions;
}

export interface RangesRequest {
  readonly uri: string;
  readonly tensor: string;
  /** Row-major element numbers. */
  readonly elements: readonly number[];
  readonly of: "element" | "row";
}

export interface EditRequest {
  readonly uri: string;
  /** Of the text that the caller has in mind; the edit fails with `service.moved` where that is no longer the newest. */
  readonly version: number;
  readonly tensor: string;
  /** Row-major element number. */
  readonly element: number;
  readonly change: NumberChange;
}

/** Another value, with as many digits as the text has or as it takes; or steps of the number's own size from what the text says. */
export type NumberChange =
  | { readonly value: number; readonly precision: "drag" | "exact" }
  | { readonly steps: number };

export interface HintsRequest {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
  readonly of: "assignments" | "all";
}

export interface Hints {
  readonly version: number;
  readonly hints: readonly {
    readonly offset: number;
    /** Distinct shapes seen here; null: not even the rank is known. */
    readonly shapes: readonly (readonly Dim[] | null)[];
    readonly dtypes: readonly (DType | null)[];
  }[];
}

export interface PaintRequest {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
  /** What of it is on the screen. */
  readonly visible: TextRange;
  /** At most so many stretches are answered: those that can be seen, then those around them. */
  readonly limit: number;
  /** How many colours there are. */
  readonly levels: number;
  /** The keys that a query attends to; absent: each number by its value. */
  readonly attention?: HeadRequest & { readonly query: number; readonly choice: Choice };
}

/** Stretches of text in their order, none overlapping, with a level from 0 to `levels` − 1 each. */
export interface Painted {
  readonly version: number;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly levels: Uint8Array;
}

export interface WordsRequest {
  readonly uri: string;
  readonly choice: Choice;
  readonly query: number | null;
  readonly key: number | null;
}

/** A tensor without its numbers. */
export interface TensorSummary {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly range: TextRange;
  readonly nameRange?: TextRange;
  readonly shape: readonly Dim[] | null;
  readonly axes?: readonly (string | null)[];
  readonly dtype: DType | null;
  readonly origin: Origin;
  readonly exact: boolean;
  readonly hasValues: boolean;
  readonly why?: Message;
}

export interface SiteSummary {
  readonly id: string;
  readonly name: string;
  readonly anchor: TextRange;
  readonly certainty: "recognised" | "possible";
  readonly roles: Readonly<Partial<Record<Role, TensorSummary>>>;
  /** Why running it would fail (widths that differ, no values); absent where it would not. */
  readonly problem?: Message;
  /** Its numbers are not known: running it draws samples. */
  readonly sampled?: boolean;
  /** What the axes in front mean, where the document says it. */
  readonly axes?: AttentionSite["axes"];
  /** Of code: the expression that makes each part. */
  readonly made?: AttentionSite["made"];
}

export interface DocumentSummary {
  readonly uri: string;
  readonly version: number;
  readonly tensors: readonly TensorSummary[];
  readonly sites: readonly SiteSummary[];
  readonly problems: readonly {
    readonly severity: Severity;
    readonly range: TextRange;
    readonly message: Message;
    readonly broken?: boolean;
    readonly saidElsewhere?: boolean;
    readonly place?: FilePlace;
  }[];
  /** It was read in a hurry: more may be known in a moment. */
  readonly draft?: boolean;
  /** Files that it may import and that the core cannot read by itself, by their addresses. */
  readonly wants?: readonly string[];
}

/** A position in a tensor, and in the attention problem that the tensor plays a part in. */
export interface Located {
  readonly version: number;
  readonly tensor: string;
  readonly element: number | null;
  readonly index: readonly number[] | null;
  /** The place is a row, such as its bracket; `index` is that of its first element. */
  readonly wholeRow?: boolean;
  readonly site: string | null;
  readonly role: Role | null;
  /** Of code: the part that the expression plays in `site`. */
  readonly part?: Part;
  /** Set where the place is no tensor but the word of a query or a key; `tensor` is empty then. */
  readonly word?: { readonly query: number | null; readonly key: number | null };
}

/** Tensors that the user chose: to compute weights from, or as weights that are given. */
export type ChosenTensors =
  | { readonly query: string; readonly key: string; readonly value: string; readonly mask?: string }
  | { readonly weights: string };

/** Which tensors play which role: a site that the reader found, or what the user chose. */
export type Choice = { readonly site: string } | ChosenTensors;

/** A rectangle of an input, row-major; blocks keep what is largest in size, with its sign. `[L|S, E|Ev]` */
export interface InputTile {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
  readonly step: number;
  readonly values: Float32Array;
}

/** The `count` largest weights of one query, largest first, and what is said of the whole row. */
export interface TopKeys {
  readonly query: number;
  readonly keys: Uint32Array;
  readonly weights: Float64Array;
  readonly statistics: RowStatistics;
}

/** Of each block of rows: least and largest finite number; NaN where there is none. */
export interface RowLimits {
  readonly row: number;
  readonly step: number;
  readonly minimum: Float32Array;
  readonly maximum: Float32Array;
}

/** How two heads of the same sizes differ in their weights. */
export interface Divergence {
  /** Largest |Δ| and where. */
  readonly largest: { readonly value: number; readonly query: number; readonly key: number };
  /** Jensen–Shannon divergence of each query's weights, in nats (0 … ln 2). */
  readonly rows: Float64Array;
  /** Only evenly chosen rows were compared; the others repeat the one before them. */
  readonly sampled?: true;
}

/** Overrides what the document says; absent means: as the document says, else the default. */
export interface AttendOptions {
  readonly causal?: Causal;
  readonly scale?: number | "auto";
  readonly softcap?: number | null;
  readonly window?: readonly [number | null, number | null] | null;
  /** Cells `[query, key]` that are forbidden in every head. */
  readonly blocked?: readonly (readonly [number, number])[];
  /** Keys that no query may attend to. */
  readonly excluded?: readonly number[];
  /** Seed of the samples that stand in for values that a program leaves open. */
  readonly sampleSeed?: number;
  /** A number that is tried out, not written: while it is dragged. `element` is row-major. */
  readonly replaced?: { readonly tensor: string; readonly element: number; readonly value: number };
}

export interface AttendRequest {
  readonly uri: string;
  readonly choice: Choice;
  readonly options: AttendOptions;
}

/** A result by number, with what the panel's frame needs: sizes, words, who played what. */
export interface ResultSummary {
  readonly result: number;
  readonly uri: string;
  readonly version: number;
  readonly site: string | null;
  readonly name: string;
  readonly sizes: AttentionSizes;
  readonly scale: number;
  /** What makes it another attention than softmax(QKᵀ/√d + M)V; absent: nothing. */
  readonly form?: Form;
  /** As the document and all options together say it. */
  readonly causal: Causal;
  readonly roles: Readonly<Partial<Record<Role, TensorSummary>>>;
  /** Length L and S; null where the document has no words for them. */
  readonly queryTokens: readonly string[] | null;
  readonly keyTokens: readonly string[] | null;
  /** true: the weights are those in the document; there are no scores to show. */
  readonly given: boolean;
  /** Rows in which no key may be attended to, over all heads. */
  readonly fullyMaskedRows: number;
  /** What the batch and head axes mean, where the document says it. */
  readonly axes?: { readonly batch?: SiteAxis; readonly head?: SiteAxis };
  /** Stages that can be shown: all five, or only `weights` where those are given. */
  readonly stages: readonly Stage[];
  /** Of code: the parts that an expression of the text makes. */
  readonly written?: readonly Part[];
  /** What a reader should know of this result. */
  readonly notes: readonly Message[];
  /** The numbers are samples that were drawn with this seed: the document does not say them. */
  readonly sampled?: number;
}

export const coreMethods = [
  "open",
  "openFile",
  "change",
  "refine",
  "cells",
  "files",
  "close",
  "facts",
  "tour",
  "locate",
  "ranges",
  "words",
  "attend",
  "tile",
  "row",
  "cell",
  "limits",
  "summaries",
  "input",
  "top",
  "rowLimits",
  "difference",
  "divergence",
  "export",
  "copy",
  "npy",
  "edit",
  "hints",
  "paint",
  "statistics",
  "progress",
  "release",
  "alive",
] as const satisfies readonly (keyof CoreApi)[];
