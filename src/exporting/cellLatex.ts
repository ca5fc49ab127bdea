import type { CellDerivation } from "../attention/result.ts";

export interface LatexNames {
  readonly query: string;
  readonly key: string;
}

/** Products written out before the rest is summed up. */
const terms = 4;

/** A cell's derivation as a LaTeX `align*`, with its own numbers, largest products first. Needs amsmath. */
export function cellLatex(cell: CellDerivation, names: LatexNames): string {
  const lines = [
    `s &= ${score(cell)} = ${number(cell.score)}`,
    `s' &= s \\cdot ${number(cell.scale)} = ${number(cell.scaled)}`,
    ...(cell.capped === cell.scaled ? [] : [`s'' &= c\\,\\tanh(s'/c) = ${number(cell.capped)}`]),
    ...(cell.maskTerm === 0 ? [] : [`m &= ${number(cell.capped)} + ${signed(cell.maskTerm)} = ${number(cell.masked)}`]),
    `w &= ${weight(cell)} = ${number(cell.weight)}`,
  ];
  const heading = `% query ${comment(names.query)}, key ${comment(names.key)}\n`;
  return `${heading}\\begin{align*}\n${lines.map((line) => `  ${line}`).join(" \\\\\n")}\n\\end{align*}\n`;
}

function score(cell: CellDerivation): string {
  const { scored } = cell;
  if (scored?.kind === "linear")
    return `\\ln\\left(\\varphi(q) \\cdot \\varphi(k)\\right) = \\ln\\left(${sum(cell)}\\right)`;
  if (scored?.kind !== "additive") return `q \\cdot k = ${sum(cell)}`;
  return `v^{\\mathsf T}\\tanh(q + k${scored.bias ? " + b" : ""}) = ${sum(cell)}`;
}

function sum({ products: all, queryRow, keyRow, scored }: CellDerivation): string {
  const order = Array.from(all.keys()).sort((a, b) => Math.abs(all[b]!) - Math.abs(all[a]!));
  const written = order.slice(0, terms).map((k) => {
    const [q, key] = [signed(queryRow[k]!), signed(keyRow[k]!)];
    if (scored?.kind !== "additive") return `${q} \\cdot ${key}`;
    return `${signed(scored.vector[k]!)} \\tanh(${q} + ${key}${scored.bias ? ` + ${signed(scored.bias[k]!)}` : ""})`;
  });
  if (order.length > terms) written.push(signed(order.slice(terms).reduce((sum, k) => sum + all[k]!, 0)));
  return written.join(" + ");
}

function weight({ row, masked, weight: w }: CellDerivation): string {
  if (row.fullyMasked) return "0 \\quad\\text{(every key is masked)}";
  if (masked === Number.NEGATIVE_INFINITY) return "0 \\quad\\text{(masked)}";
  if (Number.isNaN(w)) return "\\text{NaN}";
  return `\\frac{\\exp(${number(masked)} - ${signed(row.maximum)})}{${number(row.sum)}}`;
}

/** Five significant digits, powers of ten as LaTeX writes them. */
function number(x: number): string {
  if (Number.isNaN(x)) return "\\text{NaN}";
  if (!Number.isFinite(x)) return x > 0 ? "\\infty" : "-\\infty";
  const text = String(Number(x.toPrecision(5)));
  const [mantissa, power] = text.split("e");
  return power === undefined ? mantissa! : `${mantissa} \\cdot 10^{${Number(power)}}`;
}

function signed(x: number): string {
  return x < 0 ? `(${number(x)})` : number(x);
}

/** A comment ends with its line. */
function comment(text: string): string {
  return JSON.stringify(text);
}
