import type { FormulaName, FormulaPart } from "./blocks.ts";

/** A piece of a formula: as plain text, and as TeX for the typesetter that runs when the extension is built. */
export interface FormulaPiece {
  readonly text: string;
  readonly tex: string;
  /** What this piece plays; pieces without one are only shown. */
  readonly part?: FormulaPart;
  /** Pieces inside this one: a fraction holds the scores above and the scale below. */
  readonly inner?: readonly FormulaPiece[];
}

/** TeX of a piece puts its inner pieces in where it says `@0`, `@1`, …; so does its text. */
export function formulaPieces(formula: FormulaName): readonly FormulaPiece[] {
  const scaled: FormulaPiece = { text: "@0/@1", tex: "\\frac{@0}{@1}", inner: [scores, root] };
  const inside = formula === "maskedAttention" ? [scaled, plus, mask] : [scaled];
  const holes = inside.map((_, at) => `@${at}`).join("");
  const softmax: FormulaPiece = {
    part: "weights",
    text: `softmax(${holes})`,
    tex: `\\operatorname{softmax}\\!\\left(${holes}\\right)`,
    inner: inside,
  };
  return [{ part: "output", text: "@0@1", tex: "@0\\,@1", inner: [softmax, value] }];
}

const query: FormulaPiece = { part: "query", text: "Q", tex: "Q" };
const key: FormulaPiece = { part: "key", text: "Kᵀ", tex: "K^{\\mathsf T}" };
const value: FormulaPiece = { part: "value", text: "V", tex: "V" };
const mask: FormulaPiece = { part: "mask", text: "M", tex: "M" };
const plus: FormulaPiece = { text: " + ", tex: "+" };
const scores: FormulaPiece = { part: "scores", text: "@0@1", tex: "@0@1", inner: [query, key] };
const root: FormulaPiece = { part: "scale", text: "√d_k", tex: "\\sqrt{d_k}" };

/** The formula on one line, cut where the marked part begins and ends. */
export function formulaText(
  formula: FormulaName,
  marked: FormulaPart | null,
): { before: string; marked: string; after: string } {
  const [open, close] = ["\u0001", "\u0002"];
  const write = (piece: FormulaPiece): string => {
    const text = piece.text.replace(/@(\d)/g, (_, at) => write(piece.inner![Number(at)]!));
    return piece.part !== undefined && piece.part === marked ? `${open}${text}${close}` : text;
  };
  const [before = "", rest] = formulaPieces(formula).map(write).join("").split(open);
  const [inside = "", after = ""] = rest?.split(close) ?? [];
  return { before, marked: inside, after };
}
