import type { Step } from "../attention/forms/steps.ts";
import type { AttentionProblem } from "../attention/problem.ts";
import type { DType } from "../tensor/dtype.ts";
import type { Message } from "../tensor/message.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { FormValues } from "./formValues.ts";
import type { PieceText, TextChange } from "./pieceText.ts";

/** A half-open stretch of the text, in UTF-16 code units from its start. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** The size of an axis: a number, an expression over names (`"B"`, `"C // H"`), or unknown. */
export type Dim = number | string | null;

/** Languages that can be read, by VS Code's identifiers. */
export type Language = "json" | "jsonc" | "jsonl" | "python";

/** Where the text of each element is. Ranges are computed on demand: most are never asked for. */
export interface ElementPlaces {
  /** The range of the element with row-major number `flat`. */
  range(flat: number): TextRange;
  /** The range of the innermost row (all of the last axis) that holds element `flat`. */
  row(flat: number): TextRange;
  /** Row-major number of the element at this offset, or -1 between elements. */
  at(offset: number): number;
}

/** Where a tensor's numbers come from, as far as its reader knows. */
export type Origin = "literal" | "seeded" | "derived" | "sampled" | "unknown";

/** The call or operator that made a tensor: what hovers explain. */
export interface MadeBy {
  /** Bare, whatever the library's spelling: `softmax`, `matmul`, `einsum`, `scaled_dot_product_attention`. */
  readonly operation: string;
  readonly framework: string;
  /** Shapes of what went in, in the order of the formula. */
  readonly inputs: readonly (readonly Dim[] | null)[];
  /** What the reader knows of its options; those that are not plain values are left out. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

/** A tensor that the text holds or makes. */
export interface TensorEntry {
  /** Unique and stable within one reading of the document; equal across readings while the path stays. */
  readonly id: string;
  /** What people call it: `Q`, `self.query.weight`. */
  readonly name: string;
  /** Where it is in the document's structure: `$.layers[0].Q`, `module.Q`. */
  readonly path: string;
  /** `local`: not a binding of the module but a tensor inside it, here because a site needs it. Absent: `module`. */
  readonly scope?: "module" | "local";
  /** The literal, or the last expression that was bound. */
  readonly range: TextRange;
  /** The key or the name, where there is one. */
  readonly nameRange?: TextRange;
  /** null: not even the rank is known. */
  readonly shape: readonly Dim[] | null;
  /** Names of the axes where the text gives them (`["B", "T", null]`). */
  readonly axes?: readonly (string | null)[];
  readonly dtype: DType | null;
  /** Null exactly where `why` says why. May be made when first asked for. */
  readonly values: Tensor | null;
  /** true: there surely are no values; told without making them. Absent: `values` says it at little cost. */
  readonly lost?: boolean;
  readonly origin: Origin;
  /** true: the values are those that running the code, or reading the file, would give, to the bit. */
  readonly exact: boolean;
  /** Why there are no values, or no shape. */
  readonly why?: Message;
  /** Most decimal places that an element is written with, of those looked at: how exact given weights can be. */
  decimals?(): number;
  /** All elements in the order of the text, where `values` is null because rows differ in length: `[count]`, float64. */
  readonly flat?: Tensor;
  /** Made for a site out of what the text holds (heads split, layers stacked): id of the first such tensor. Not to be listed. */
  readonly derivedFrom?: string;
  /** Absent for literals, and where the reader does not know. */
  readonly made?: MadeBy | undefined;
  /** Only where elements are written in the text. */
  readonly places: ElementPlaces | null;
}

/** Words for the positions of an axis. */
export interface Tokens {
  readonly labels: readonly string[];
  readonly range: TextRange;
  /** What the text calls them, and where. */
  readonly name?: string;
  readonly nameRange?: TextRange;
  /** The range of label `at`, quotes included. */
  place(at: number): TextRange;
}

export type Severity = "error" | "warning" | "information" | "hint";

/** Something wrong with the document, at a place. */
export interface ReadingProblem {
  readonly severity: Severity;
  readonly range: TextRange;
  readonly message: Message;
  /** The text is not (yet) of its language, e.g. half-typed: the last good result stays, marked stale. */
  readonly broken?: boolean;
  /** The editor's own language service says it already: not shown as a diagnostic. */
  readonly saidElsewhere?: boolean;
  /** In a file that no editor shows. */
  readonly place?: FilePlace;
}

/** Where something is in a file whose text nobody holds: the line and the byte of the file, both counted from 1. */
export interface FilePlace {
  readonly line: number;
  readonly byte: number;
}

/** What a tensor is in softmax(QKᵀ/√d_k)V. */
export type Role = "query" | "key" | "value" | "mask" | "scores" | "weights" | "output";

/** A role, or what the scores become on their way to the weights. */
export type Part = Role | "scaled" | "masked";

/** Options that the document itself gives, next to its tensors. */
export interface SiteOptions extends Pick<AttentionProblem, "score" | "bias" | "sinks" | "segments" | "sparse"> {
  /** true: query i attends to keys 0 … i; `bottomRight`: the last query to the last key. */
  readonly causal?: boolean | "bottomRight";
  readonly scale?: number;
  readonly softcap?: number;
  readonly window?: readonly [left: number | null, right: number | null];
  /** Key position of query 0, for `causal` and `window`: with keys of a past in front it is their number. Absent: 0. */
  readonly offset?: number | readonly number[];
  /** Keys in use of each batch entry; those behind are padding. Absent: all. */
  readonly keyLengths?: readonly number[];
  /** What is done to Q and K before their score, in this order. */
  readonly steps?: readonly Step[];
}

/** An option that the text gives by name, and where. */
export interface WrittenOption {
  readonly option:
    | "causal"
    | "scale"
    | "softcap"
    | "window"
    | "score"
    | "queryWeight"
    | "keyWeight"
    | "vector"
    | "scoreBias"
    | "generalWeight"
    | "temperature"
    | "featureMap"
    | "norm"
    | "rotary"
    | "alibi"
    | "relativeBias"
    | "sinks"
    | "plusOne"
    | "segments"
    | "segmentIds"
    | "poolingWeight"
    | "buckets"
    | "dilation"
    | "block"
    | "globals"
    | "prefix";
  readonly name: string;
  readonly nameRange: TextRange;
  readonly range: TextRange;
}

/** What an axis in front of queries and keys stands for, where the document says it. */
export interface SiteAxis {
  readonly meaning: "layer" | "batch" | "head";
  /** A label for each position; null: they are counted from 0. */
  readonly labels: readonly string[] | null;
}

/** A place in the document with an attention problem in it: which tensors play which role. */
export interface AttentionSite {
  /** Unique and stable like `TensorEntry.id`. */
  readonly id: string;
  /** What people call it: a key, a function, a line of a jsonl file; empty for the document itself. */
  readonly name: string;
  /** Where a lens goes. */
  readonly anchor: TextRange;
  /** Tensor ids. A site has query and key, or weights that are given. */
  readonly roles: Readonly<Partial<Record<Role, string>>>;
  readonly queryTokens: Tokens | null;
  readonly keyTokens: Tokens | null;
  readonly options: SiteOptions;
  /** What `options` were made of, for trying others in their place; absent: only `options` are known. */
  readonly form?: FormValues;
  /** What is not done as the text may mean it, or is done by guess. */
  readonly notes?: readonly Message[];
  /** Those of `options` that have a name in the text. */
  readonly written?: readonly WrittenOption[];
  /** Code only: the expression that makes each part, where it is one of this text. */
  readonly made?: Readonly<Partial<Record<Part, TextRange>>>;
  /** What the batch and the head axis of the tensors mean, where the document says it. */
  readonly axes?: { readonly batch?: SiteAxis; readonly head?: SiteAxis };
  /** `recognised`: names or a layout say so. `possible`: shapes allow it, so nothing is shown unasked. */
  readonly certainty: "recognised" | "possible";
}

/** A boolean mask that an operation was given: what true means in it, as far as its making tells, and what is taken. */
export interface MaskTag {
  readonly polarity: "keep" | "drop" | null;
  readonly expected: "keep" | "drop";
}

/**
 * What is known of how a tensor was made, for rules about attention. Axes are told as names of what elements vary along:
 * axes of the tensors that nothing known has made, or parts of them; equal names mean the same axis.
 */
export interface TensorTags {
  /** Bare, whatever the library's spelling; empty where nothing known has made it. */
  readonly operation: string;
  /** What each axis is made of, outermost first; nothing for an axis of size 1. null: the rank is not known. */
  readonly axes: readonly (readonly string[])[] | null;
  /** Pairs of axes of the two operands that a product has summed over. */
  readonly contracted: readonly (readonly [readonly string[], readonly string[]])[];
  /** The axis over which a softmax, as a call or by hand, makes the elements sum to 1. */
  readonly normalised: { readonly axis: number; readonly factors: readonly string[] } | null;
  /** Of a softmax of scores: what these were multiplied by, null where that is not known, … */
  readonly scale: number | null;
  /** … and over how many elements their product has summed: scale is expected to be 1/√length. */
  readonly length: Dim;
  /** Of a boolean tensor: what true means if it is a mask. */
  readonly polarity: "keep" | "drop" | null;
  readonly masks: readonly MaskTag[];
  /** Axes of a reshaped tensor that begin inside one axis and go on into the next. */
  readonly mixed: readonly number[];
}

/** One reading of a text. Values and places are those of exactly this text. */
export interface TensorDocument {
  readonly language: Language;
  readonly tensors: readonly TensorEntry[];
  /** The tensor of an id, without looking through all of them; readers that list few leave it out. */
  tensorOf?(id: string): TensorEntry | undefined;
  readonly sites: readonly AttentionSite[];
  /** The site of an id, where a place may play a part in one that is not listed. */
  siteOf?(id: string): AttentionSite | undefined;
  readonly problems: readonly ReadingProblem[];
  /** Code only: every expression that gives tensors. */
  readonly expressions?: readonly ExpressionEntry[];
  /** Code only: every name or attribute that is given a tensor; the range is that of the target. */
  readonly assignments?: readonly ExpressionEntry[];
  /** Code only: assignments, and expressions behind whose end a shape is read as theirs. */
  readonly hints?: readonly ExpressionEntry[];
  /** Code only: how the tensor of the innermost expression at this offset was made. null where there is none. */
  tags?(offset: number): TensorTags | null;
  /** Reading it took long: the next reading while someone types had better be hurried. */
  readonly costly?: boolean;
  /**
   * It was read in a hurry: of loops that were left early and of what comes after the budget was spent, less is known than
   * there is; a place may have had other shapes besides those that are told.
   */
  readonly draft?: boolean;
  /** Code only: the same text read with samples for whatever nobody can know. The same seed gives the same samples. */
  sampled?(seed: number): TensorDocument;
  /** Code only: does in advance what the first hover would do, which costs more than the next ones. */
  prepare?(): void;
  /** What is at this offset, innermost first choice: an element, a row, a tensor; null where there is nothing. */
  at(offset: number): Place | null;
  /** Code only: the layer that the innermost expression at this offset is. */
  layerAt?(offset: number): LayerPlace | null;
}

/** An expression, as Python's `ast` bounds it: no enclosing parentheses, names only where they are read. */
export interface ExpressionEntry {
  readonly range: TextRange;
  /** Distinct shapes that were seen here, one entry each. */
  readonly shapes: readonly (readonly Dim[] | null)[];
  /** Of `shapes`, in the same order. */
  readonly dtypes: readonly (DType | null)[];
}

/** What is under the cursor. */
export interface Place {
  readonly tensor: TensorEntry;
  /** The range that a hover on this place is about. */
  readonly range: TextRange;
  /** Row-major number of the element, if the place is inside one. */
  readonly element: number | null;
  /** Code only: what the code calls the sizes here, and the tensor's shapes in other calls. Costs more than the rest. */
  told?(): PlaceSizes;
  /** The part that the tensor plays in a site, where the reader knows it without the site's roles. */
  readonly plays?: PlayedPart;
}

/** What a tensor of code plays in a site. */
export interface PlayedPart {
  readonly site: string;
  readonly part: Part;
  /** For each of its axes, which axis of the part it is; absent: in the order of the site's roles. */
  readonly axes?: readonly number[];
}

/** What a layer does in attention: what it makes, or `output`: that it takes what attention gives. */
export type LayerTask = "query" | "key" | "value" | "scores" | "output";

/** A layer inside another one; or several that are alike and follow one another. */
export interface InnerLayer {
  /** What the outer layer calls it: `c_attn`, `0`. */
  readonly names: readonly string[];
  /** The class as code writes it: `nn.Linear`, `Block`. */
  readonly kind: string;
  /** What it was made with, as Python writes it, sizes by their names: `in_features`, `p`. */
  readonly settings: Readonly<Record<string, string>>;
  /** How many numbers can be trained in it. null: not known. */
  readonly count: Dim;
}

/** A layer of a neural network as the program made it. */
export interface LayerEntry extends InnerLayer {
  /** Its own, and those of the layers inside that are not listed. */
  readonly parameters: readonly TensorEntry[];
  readonly inside: readonly InnerLayer[];
  /** Whether it is in training mode at the end of the run. null: not known. */
  readonly training: boolean | null;
}

/** A layer under the cursor. */
export interface LayerPlace {
  readonly range: TextRange;
  /** The expression. */
  readonly name: string;
  readonly layer: LayerEntry;
  readonly tasks: readonly LayerTask[];
  /** What else the expression was, before. */
  readonly others: readonly LayerEntry[];
  /** It is called here and gives a tensor: that is what the place is about. */
  readonly called: boolean;
}

/** What code says of the sizes of a tensor at one place. */
export interface PlaceSizes {
  /** One entry an axis; null where the code has no name for it. */
  readonly names: readonly (SizeName | null)[] | null;
  /** Distinct shapes that other tensors had here, when the code came by other times. */
  readonly others: readonly (readonly Dim[] | null)[];
}

/** What a size is called: `B`, `C // heads`. */
export interface SizeName {
  readonly text: string;
  /** The number that it has where nobody says otherwise. */
  readonly default?: number;
}

/** What every reader of a language offers. Readers are synchronous: they run in a worker. */
export interface Reader {
  read(text: string | PieceText, options: ReadOptions): TensorDocument;
}

export interface ReadOptions {
  readonly language: Language;
  /** The reading of the text before the last edits, for readers that go on from it. */
  readonly previous?: TensorDocument;
  /** What made `text` of that of `previous`, one after the other. */
  readonly changes?: readonly TextChange[];
  /** Someone types: what takes long is read less far, and the document is a draft then. */
  readonly hurried?: boolean;
  /** For code that imports other files of the workspace: they are read, never run. */
  readonly modules?: FindModule;
}

/**
 * The text of the module that `name`, as an import statement writes it (`utils.blocks`, `.layers`), means in the file
 * `from` (null: the document itself; with `/` at its end: this folder alone) means. `id` tells modules apart, such as a path.
 * What begins with `./` is relative to the document's folder. null: the workspace has none.
 */
export type FindModule = (name: string, from: string | null) => { readonly id: string; readonly text: string } | null;
