import type { AttentionResult } from "../attention/result.ts";
import { numberText } from "../tensor/print.ts";
import { type PlainTensor, plainArray } from "./numbers.ts";

/** What `attend --json` prints of a computed problem. */
export interface PlainAttention {
  readonly weights: PlainTensor;
  readonly output: PlainTensor;
  readonly scale: number;
}

/** All weights `[batch, heads, L, S]` and the output `[batch, heads, L, Ev]`, in float64. */
export function plainAttention(result: AttentionResult): PlainAttention {
  const { batch, heads, queries, keys, valueSize } = result.sizes;
  const weights = new Float64Array(batch * heads * queries * keys);
  const output = new Float64Array(batch * heads * queries * valueSize);
  let at = 0;
  forEachRow(result, (row) => {
    weights.set(row.weights, at * keys);
    output.set(row.output, at * valueSize);
    at++;
  });
  return {
    weights: plainArray("float64", [batch, heads, queries, keys], weights),
    output: plainArray("float64", [batch, heads, queries, valueSize], output),
    scale: result.scale,
  };
}

function forEachRow(result: AttentionResult, visit: (row: ReturnType<AttentionResult["row"]>) => void): void {
  const { batch, heads, queries } = result.sizes;
  for (let b = 0; b < batch; b++) {
    for (let head = 0; head < heads; head++) {
      for (let query = 0; query < queries; query++) visit(result.row({ batch: b, head }, query));
    }
  }
}

export interface TextLabels {
  readonly queries: readonly string[] | null;
  readonly keys: readonly string[] | null;
  /** A head's title: `head 3`. */
  readonly head: (batch: number, head: number) => string;
}

const shades = " ░▒▓█";
const tableLimit = 12;

/** The weights for people: numbers where they fit a terminal, shades where they do not. */
export function attentionText(result: AttentionResult, labels: TextLabels): string {
  const { batch, heads, keys } = result.sizes;
  const lines: string[] = [];
  for (let b = 0; b < batch; b++) {
    for (let head = 0; head < heads; head++) {
      if (batch * heads > 1) lines.push(labels.head(b, head));
      lines.push(...(keys <= tableLimit ? table(result, b, head, labels) : heatmap(result, b, head, labels)), "");
    }
  }
  return lines.join("\n").trimEnd();
}

function table(result: AttentionResult, batch: number, head: number, { queries, keys }: TextLabels): string[] {
  const { sizes } = result;
  const header = ["", ...Array.from({ length: sizes.keys }, (_, key) => keys?.[key] ?? String(key))];
  const rows = Array.from({ length: sizes.queries }, (_, query) => [
    queries?.[query] ?? String(query),
    ...Array.from(result.row({ batch, head }, query).weights, (weight) => numberText(weight, 3)),
  ]);
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join("  "),
  );
}

/** One character a cell: shades from 0 to the row's largest weight. */
function heatmap(result: AttentionResult, batch: number, head: number, { queries }: TextLabels): string[] {
  return Array.from({ length: result.sizes.queries }, (_, query) => {
    const { weights, statistics } = result.row({ batch, head }, query);
    const peak = statistics.peak < 0 ? 1 : weights[statistics.peak]!;
    const cells = Array.from(
      weights,
      (weight) => shades[Math.min(shades.length - 1, Math.round((weight / peak) * (shades.length - 1)))] ?? "·",
    );
    return `${cells.join("")}  ${queries?.[query] ?? query}`;
  });
}
