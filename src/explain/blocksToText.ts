import type { Block, FormulaBlock, MatrixBlock, Span, TableBlock, Text } from "./blocks.ts";
import { formulaText } from "./formulas.ts";
import { shownName, visible } from "./visible.ts";

/** Blocks as plain text for a terminal: paragraphs with an empty line between them, tables in columns, no links. */
export function blocksToText(blocks: readonly Block[]): string {
  const parts = blocks.map(written).filter((part) => part !== "");
  return `${parts.join("\n\n")}\n`;
}

function written(block: Block): string {
  switch (block.kind) {
    case "heading":
    case "paragraph":
      return textOf(block.text);
    case "list":
      return block.items.map((item) => `  ${textOf(item)}`).join("\n");
    case "table":
      return table(block);
    case "formula":
      return formula(block);
    case "matrix":
      return heatmap(block);
    case "links":
      return "";
  }
}

/** A text without its marks. Names show their control characters, so that a terminal never obeys them. */
export function textOf(text: Text): string {
  return text.map(spanText).join("");
}

function spanText({ text, mark, href }: Span): string {
  const shown = mark === "name" ? shownName(text) : visible(text);
  return href === undefined ? shown : `${shown} <${href}>`;
}

function formula(block: FormulaBlock): string {
  const { before, marked, after } = formulaText(block.formula, block.marked);
  const under = marked === "" ? "" : `\n  ${" ".repeat([...before].length)}${"‾".repeat([...marked].length)}`;
  return `  ${before}${marked}${after}${under}`;
}

function table({ head, rows, align }: TableBlock): string {
  const lines = [head, ...rows].map((cells) => cells.map(textOf));
  const widths = align.map((_, column) => Math.max(...lines.map((cells) => columnsOf(cells[column] ?? ""))));
  const cell = (text: string, column: number) => {
    const blanks = " ".repeat(widths[column]! - columnsOf(text));
    return align[column] === "right" ? blanks + text : text + blanks;
  };
  return lines.map((cells) => `  ${cells.map(cell).join("  ")}`.trimEnd()).join("\n");
}

/** How many columns of a terminal a text takes: East Asian wide characters take two. */
function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += wide.test(character) ? 2 : 1;
  return columns;
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

const shades = " ░▒▓█";

/** Rows of shade characters, dark where the value is small; NaN shows as `?`. */
function heatmap({ rows, columns, values, minimum, maximum }: MatrixBlock): string {
  const lines = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => shade(values[row * columns + column]!, minimum, maximum)).join(""),
  );
  return lines.map((line) => `  ${line}`).join("\n");
}

function shade(value: number, minimum: number, maximum: number): string {
  if (Number.isNaN(value)) return "??";
  const share = maximum > minimum ? (value - minimum) / (maximum - minimum) : 0.5;
  const level = Math.min(shades.length - 1, Math.max(0, Math.floor(share * shades.length)));
  return shades[level]!.repeat(2);
}
