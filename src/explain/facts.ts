import type { Form } from "../attention/forms/formOf.ts";
import type { Feature } from "../attention/forms/linearAttention.ts";
import type { QueryKeyNorm } from "../attention/forms/queryKeyNorm.ts";
import type { Rotary } from "../attention/forms/rotary.ts";
import type { CellDerivation, RowStatistics } from "../attention/result.ts";
import type {
  Dim,
  InnerLayer,
  LayerEntry,
  LayerTask,
  MadeBy,
  Origin,
  Part,
  SiteOptions,
  SizeName,
  WrittenOption,
} from "../reading/document.ts";
import type { DType } from "../tensor/dtype.ts";
import type { Message } from "../tensor/message.ts";
import type { Statistics } from "../tensor/statistics.ts";

/**
 * Everything a hover says about one place, as numbers and names: gathered by the core (in a worker), put into words by
 * `explain` (where the user's language is known).
 */
export interface Facts {
  readonly version: number;
  /** The stretch of text that the hover is about. */
  readonly range: { readonly start: number; readonly end: number };
  /** Where exactly was asked: another expression may begin where this one does. Absent: at the range's start. */
  readonly offset?: number;
  readonly tensor: TensorFacts;
  /** Present where the place is a word: then `tensor` is the query, or what stands for it. */
  readonly word?: { readonly label: string; readonly query: number | null; readonly key: number | null };
  /** Present where the place is a list of words: then `tensor` is that list. */
  readonly tokens?: { readonly queries: boolean; readonly keys: boolean };
  /** Present where the place is an option: then `tensor` is a scalar of its name. */
  readonly option?: OptionFacts;
  /** Present where the place is a layer: where it is called and gives a tensor, `tensor` is that, else a name for the layer. */
  readonly layer?: LayerFacts;
  /** Present where the place is inside a written element. */
  readonly element?: ElementFacts;
  /** Present where the tensor plays a part in an attention problem. */
  readonly attention?: AttentionFacts;
}

export interface TensorFacts {
  /** The reader's id, for links. */
  readonly id?: string;
  readonly name: string;
  readonly path: string;
  readonly shape: readonly Dim[] | null;
  readonly axes?: readonly (string | null)[];
  /** What the code calls the sizes here; null where it has no name. */
  readonly sizeNames?: readonly (SizeName | null)[];
  /** Shapes of other tensors that the code had here. */
  readonly others?: readonly (readonly Dim[] | null)[];
  readonly dtype: DType | null;
  readonly origin: Origin;
  readonly exact: boolean;
  readonly why?: Message;
  /** The call or operator that made it. */
  readonly made?: MadeBy;
  readonly statistics?: Statistics;
  /** The last two axes at index 0 of the others, at most 48×48: block maxima of |x| with their sign beyond that. */
  readonly picture?: { readonly rows: number; readonly columns: number; readonly values: Float32Array };
}

/** An option that the document gives beside its tensors. */
export interface OptionFacts
  extends Pick<SiteOptions, "causal" | "scale" | "softcap" | "window" | "sinks" | "segments" | "sparse"> {
  readonly option: WrittenOption["option"];
  /** How a query and a key make a score; absent: scaled dot product. */
  readonly form?: Form["score"];
  /** Of a parameter of the score, and of a table of biases. */
  readonly shape?: readonly number[];
  readonly feature?: Feature;
  readonly norm?: Pick<QueryKeyNorm, "kind"> & { readonly gains: boolean };
  readonly rotary?: Rotary;
  /** Of ALiBi, one a head. */
  readonly slopes?: readonly number[];
}

/** A layer of a neural network. */
export interface LayerFacts extends Pick<LayerEntry, "kind" | "settings" | "count" | "inside" | "training"> {
  readonly parameters: readonly ParameterFacts[];
  readonly tasks: readonly LayerTask[];
  /** It is called here: the place is about what it gives. */
  readonly called: boolean;
  /** Layers that the place was one after the other, where they were several. */
  readonly turns?: { readonly count: number; readonly unlike: readonly Pick<InnerLayer, "kind" | "settings">[] };
}

export interface ParameterFacts extends Pick<TensorFacts, "name" | "shape" | "dtype" | "origin" | "why"> {
  /** Smallest and largest number, where they are known and few enough. */
  readonly limits?: readonly [number, number];
}

export interface ElementFacts {
  readonly index: readonly number[];
  readonly value: number;
  /** The word of its row, where there is one. */
  readonly token?: string;
  /** The word of its column, where columns are keys. */
  readonly columnToken?: string;
  /** Its place in its row, largest first, from 1. */
  readonly rank?: { readonly place: number; readonly of: number };
  /** What would change if it grew by a tenth. */
  readonly effect?: EffectFacts;
}

/** What would change in the attention of one head if one number grew. */
export interface EffectFacts {
  /** By how much it grows: a tenth of it, 0.1 for 0. */
  readonly step: number;
  readonly of: "weights" | "output";
  /** Largest change first, at most three. */
  readonly changes: readonly ChangeFacts[];
}

export interface ChangeFacts {
  readonly query: number;
  readonly queryToken?: string;
  /** Of a weight. */
  readonly key?: number;
  readonly keyToken?: string;
  /** Of an element of the output. */
  readonly column?: number;
  readonly before: number;
  /** Recomputed exactly. */
  readonly after: number;
  /** The derivative where the number is now. */
  readonly slope: number;
}

/** Scores of one head, over the pairs that may attend. */
export interface SpreadFacts {
  /** Standard deviation of the scores, and of the scaled scores. */
  readonly deviation: number;
  readonly scaledDeviation: number;
  /** Mean over the queries of the largest weight, with the scale and without. */
  readonly peak: number;
  readonly peakUnscaled: number;
}

/** One key (or value): who attends to it. */
export interface KeyFacts {
  readonly key: number;
  readonly token?: string;
  /** Sum of the weights that it gets from all queries. */
  readonly total: number;
  /** Largest weight first, at most five. */
  readonly top: readonly { readonly query: number; readonly token?: string; readonly weight: number }[];
}

export interface AttentionSizes<Size = number> {
  readonly queries: Size;
  readonly keys: Size;
  readonly size: Size;
  readonly valueSize: Size;
  readonly heads: Size;
}

export interface AttentionFacts {
  readonly site: string;
  readonly role: Part;
  /** For each axis of the tensor, which axis of the role it is; absent: in their usual order. */
  readonly axes?: readonly number[];
  /** Expressions where the code gives no numbers; 0 where a size is not known. */
  readonly sizes: AttentionSizes<number | string>;
  readonly scale: number;
  readonly causal: "none" | "topLeft" | "bottomRight";
  readonly masked: boolean;
  /** What makes it another attention than softmax(QKᵀ/√d + M)V; absent: nothing. */
  readonly form?: Form;
  /** Why it cannot be computed. */
  readonly problem?: Message;
  /** Its numbers are samples that were drawn with this seed: the document does not say them. */
  readonly sampled?: number;
  /** The batch entry and query head that row, key, spread and effect are about. */
  readonly head?: { readonly batch: number; readonly head: number };
  /** For Q, K and the scores: why the scores are scaled. */
  readonly spread?: SpreadFacts;
  /** For a row of K or V. */
  readonly keyRow?: KeyFacts;
  /** For a row of Q, the weights or the output: its keys, largest weight first, at most five. */
  readonly row?: {
    readonly query: number;
    readonly token?: string;
    readonly statistics: RowStatistics;
    readonly top: readonly { readonly key: number; readonly token?: string; readonly weight: number }[];
    /** The strongest pair worked out. */
    readonly strongest?: CellDerivation;
  };
  /** The pair of an element of the scores or the weights, worked out. */
  readonly pair?: CellDerivation;
}
