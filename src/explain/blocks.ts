import type { Part } from "../reading/document.ts";

/**
 * What is said about a place, before it is known where: Markdown in a hover, elements in the panel, plain text in a
 * terminal. All strings are plain text in the reader's language; every output escapes them for itself.
 */
export type Block =
  | { readonly kind: "heading"; readonly text: Text }
  | { readonly kind: "paragraph"; readonly text: Text }
  | { readonly kind: "list"; readonly items: readonly Text[] }
  | TableBlock
  | FormulaBlock
  | MatrixBlock
  | { readonly kind: "links"; readonly links: readonly Link[] };

export interface TableBlock {
  readonly kind: "table";
  readonly head: readonly Text[];
  readonly rows: readonly (readonly Text[])[];
  /** One entry a column. */
  readonly align: readonly ("left" | "right")[];
}

export interface FormulaBlock {
  readonly kind: "formula";
  readonly formula: FormulaName;
  /** The part that is drawn as the one this is about; null: none. */
  readonly marked: FormulaPart | null;
  /** The formula in words, for those who do not see it. */
  readonly words: string;
}

/** A small heatmap. `values` is row-major `rows × columns`; the limits are those of the whole tensor. */
export interface MatrixBlock {
  readonly kind: "matrix";
  readonly rows: number;
  readonly columns: number;
  readonly values: ArrayLike<number>;
  readonly minimum: number;
  readonly maximum: number;
  /** A cell to frame, or a whole row where `column` is left out. */
  readonly highlight?: { readonly row: number; readonly column?: number };
  /** What the picture shows, for those who do not see it. */
  readonly words: string;
}

/** Words in a row, some of them set off. */
export type Text = readonly Span[];

export interface Span {
  readonly text: string;
  readonly mark?: Mark;
  /** An address of the world wide web that the words lead to. */
  readonly href?: string;
}

/** `name`: a name or a token, as the document writes it. `number`: computed from the document. `code`: ours, never cut. */
export type Mark = "strong" | "number" | "name" | "code";

/** Formulas that are typeset when the extension is built. */
export type FormulaName =
  | "attention"
  | "maskedAttention"
  /** QKᵀ/√d of Q and K after something was done to them. */
  | "preparedAttention"
  | "dotAttention"
  | "generalAttention"
  | "additiveAttention"
  | "poolingAttention"
  | "cosineAttention"
  | "linearAttention"
  | "softmax"
  | "score"
  | "additive"
  | "heads";

/** Parts of the formulas, by what plays them. */
export type FormulaPart = Part | "scale";

/** What a link does; the host knows the command. */
export type Action = "run" | "showInPanel" | "useAs" | "copyNumPy" | "copyTorch" | "explain" | "goTo";

export interface Link {
  readonly label: string;
  readonly action: Action;
  readonly target: LinkTarget;
}

/** Plain JSON: it travels in the link. */
export interface LinkTarget {
  readonly uri: string;
  readonly offset: number;
  readonly site?: string;
  readonly tensor?: string;
  readonly query?: number;
}

export function plain(text: string): Text {
  return [{ text }];
}

export function strong(text: string): Span {
  return { text, mark: "strong" };
}

export function number(text: string): Span {
  return { text, mark: "number" };
}

export function code(text: string): Span {
  return { text, mark: "code" };
}

export function name(text: string): Span {
  return { text, mark: "name" };
}

export function paragraph(...text: readonly Text[]): Block {
  return { kind: "paragraph", text: text.flat() };
}
