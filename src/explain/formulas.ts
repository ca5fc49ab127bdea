import type { FormulaName, FormulaPart } from "./blocks.ts";

/** Every formula that is typeset, by name. */
export const formulaNames = [
  "attention",
  "maskedAttention",
  "preparedAttention",
  "dotAttention",
  "generalAttention",
  "additiveAttention",
  "poolingAttention",
  "cosineAttention",
  "linearAttention",
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
  const withMask = (inside: FormulaPiece): FormulaPiece => ({
    part: "masked",
    text: "@0 + @1",
    tex: "@0 + @1",
    inner: [inside, mask],
  });
  const attention = (inside: FormulaPiece, mixed = value): FormulaPiece => {
    const softmax: FormulaPiece = {
      part: "weights",
      text: "softmax(@0)",
      tex: "\\operatorname{softmax}\\!\\left(@0\\right)",
      inner: [inside],
    };
    return { part: "output", text: "@0@1", tex: "@0\\,@1", inner: [softmax, mixed] };
  };
  switch (formula) {
    case "attention":
      return attention(scaled);
    case "maskedAttention":
      return attention(withMask(scaled));
    case "preparedAttention":
    case "dotAttention":
    case "generalAttention":
    case "additiveAttention":
    case "cosineAttention":
    case "linearAttention":
      return attention(withMask(formScores(formula)));
    case "poolingAttention":
      return attention(withMask(formScores(formula)), { part: "value", text: "X", tex: "X" });
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

/** The scaled scores of other forms: how a query and a key make a number in each. */
function formScores(
  formula: Exclude<FormulaName, "attention" | "maskedAttention" | "softmax" | "score" | "additive" | "heads">,
): FormulaPiece {
  const piece = (part: FormulaPart, text: string, tex = text): FormulaPiece => ({ part, text, tex });
  const scores = (text: string, tex: string, ...inner: FormulaPiece[]): FormulaPiece => ({
    part: "scores",
    text,
    tex,
    inner,
  });
  const over = (above: FormulaPiece, below: FormulaPiece): FormulaPiece => ({
    part: "scaled",
    text: "@0/@1",
    tex: "\\frac{@0}{@1}",
    inner: [above, below],
  });
  const [query, key] = [piece("query", "Q"), piece("key", "K")];
  const transposed = piece("key", "Kᵀ", "K^{\\mathsf T}");
  switch (formula) {
    case "preparedAttention":
      return over(
        scores("@0@1", "@0@1", piece("query", "Q′", "Q'"), piece("key", "K′ᵀ", "K'^{\\mathsf T}")),
        piece("scale", "√d_k", "\\sqrt{d_k}"),
      );
    case "dotAttention":
      return scores("@0@1", "@0@1", query, transposed);
    case "generalAttention":
      return scores("@0W@1", "@0\\,W@1", query, transposed);
    case "additiveAttention":
      return scores(
        "vᵀtanh(@0 + @1 + b)",
        "v^{\\mathsf T}\\tanh\\!\\left(@0+@1+b\\right)",
        piece("query", "W_q q", "W_q\\,q"),
        piece("key", "W_k k", "W_k\\,k"),
      );
    case "poolingAttention":
      return scores("vᵀtanh(@0 + b)", "v^{\\mathsf T}\\tanh\\!\\left(@0+b\\right)", piece("key", "W x", "W\\,x"));
    case "cosineAttention":
      return over(scores("cos(@0, @1)", "\\cos\\!\\left(@0,@1\\right)", query, key), piece("scale", "τ", "\\tau"));
    case "linearAttention":
      return scores("ln(φ(@0)φ(@1)ᵀ)", "\\ln\\!\\left(\\varphi(@0)\\,\\varphi(@1)^{\\mathsf T}\\right)", query, key);
  }
}
