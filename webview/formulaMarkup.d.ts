/** Formulas as MathML, typeset while building (scripts/typesetFormulas.mjs); parts carry their name as a class. */
declare module "#formulaMarkup" {
  export const markup: Readonly<Record<import("../src/explain/blocks.ts").FormulaName, string>>;
}
