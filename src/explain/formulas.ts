import type { FormulaName, FormulaPart } from "./blocks.ts";

/** Every formula that is typeset, by name. */
export const formulaNames = [
  "attention",
  "maskedAttention",
  "softmax",
  "score",
  "additive",
  "heads",
] as const satisfies readonly FormulaName[];

/**
 * A piece of a formula: as plain text, and as TeX for the typesetter that runs when the extension is built. Where either
 * says `@0`, `@1`, … stand the inner pieces.
 */
interface FormulaPiece {
  readonly text: string;
  readonly tex: string;
  /** What this piece plays; pieces without one are only shown. */
  readonly part?: FormulaPart;
  readonly inner?: readonly FormulaPiece[];
}

/** The formula as TeX; `mark` wraps the TeX of each piece that plays a part. */
export function formulaTex(formula: FormulaName, mark: (tex: string, part: FormulaPart) => string): string {
  const write = (piece: FormulaPiece): string => {
    const tex = piece.tex.replace(/@(\d)/g, (_, at) => write(piece.inner![Number(at)]!));
    return piece.part === undefined ? tex : mark(tex, piece.part);
  };
  return write(pieces(formula));
}

/** The formula on one line, cut where the marked part begins and ends. */
export function formulaText(
  formula: FormulaName,
  marked: FormulaPart | null,
): { before: string; marked: string; after: string } {
  const cut = "\u0000";
  const write = (piece: FormulaPiece): string => {
    const text = piece.text.replace(/@(\d)/g, (_, at) => write(piece.inner![Number(at)]!));
    return piece.part !== undefined && piece.part === marked ? cut + text + cut : text;
  };
  const [before = "", inside = "", after = ""] = write(pieces(formula)).split(cut);
  return { before, marked: inside, after };
}

function pieces(formula: FormulaName): FormulaPiece {
  const query: FormulaPiece = { part: "query", text: "Q", tex: "Q" };
  const key: FormulaPiece = { part: "key", text: "Kᵀ", tex: "K^{\\mathsf T}" };
  const value: FormulaPiece = { part: "value", text: "V", tex: "V" };
  const scores: FormulaPiece = { part: "scores", text: "@0@1", tex: "@0@1", inner: [query, key] };
  const root: FormulaPiece = { part: "scale", text: "√d_k", tex: "\\sqrt{d_k}" };
  const scaled: FormulaPiece = { part: "scaled", text: "@0/@1", tex: "\\frac{@0}{@1}", inner: [scores, root] };
  const mask: FormulaPiece = { part: "mask", text: "M", tex: "M" };
  const masked: FormulaPiece = { part: "masked", text: "@0 + @1", tex: "@0 + @1", inner: [scaled, mask] };
  const attention = (inside: FormulaPiece): FormulaPiece => {
    const softmax: FormulaPiece = {
      part: "weights",
      text: "softmax(@0)",
      tex: "\\operatorname{softmax}\\!\\left(@0\\right)",
      inner: [inside],
    };
    return { part: "output", text: "@0@1", tex: "@0\\,@1", inner: [softmax, value] };
  };
  switch (formula) {
    case "attention":
      return attention(scaled);
    case "maskedAttention":
      return attention(masked);
    case "softmax":
      return { text: "wⱼ = exp(sⱼ) / Σₖ exp(sₖ)", tex: "w_j=\\frac{e^{s_j}}{\\sum_k e^{s_k}}" };
    case "score":
      return { text: "sⱼ = q·kⱼ / √d_k", tex: "s_j=\\frac{q\\cdot k_j}{@0}", inner: [root] };
    case "additive":
      return { text: "sⱼ = vᵀ tanh(W q + U kⱼ)", tex: "s_j=v^{\\mathsf T}\\tanh\\!\\left(W q+U k_j\\right)" };
    case "heads":
      return {
        text: "output = [head₁, …, headₕ] W, headᵢ = attention(QWᵢ, KWᵢ′, VWᵢ″)",
        tex: "\\begin{gathered}\\left[\\mathrm{head}_1,\\dots,\\mathrm{head}_h\\right]W\\\\ \\mathrm{head}_i=\\mathrm{attention}\\!\\left(QW_i,\\,KW'_i,\\,VW''_i\\right)\\end{gathered}",
      };
  }
}
