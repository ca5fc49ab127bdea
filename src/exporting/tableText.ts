import { plainNumber } from "./numbers.ts";
import type { StageTable } from "./stageTable.ts";

/**
 * A table as CSV (RFC 4180): a header of column names, the row's name first in each line, every number with the digits
 * that give the same double back. `nan`, `inf` and `-inf` as NumPy and pandas read them.
 */
export function tableCsv({ values, rows, columns }: StageTable): string {
  const [height, width] = values.shape as [number, number];
  const header = ["", ...Array.from({ length: width }, (_, column) => columns?.[column] ?? String(column))];
  const lines = [header.map(quoted).join(",")];
  for (let row = 0; row < height; row++) {
    const numbers = Array.from(rowOf(values.data as Float64Array, row, width), (x) => String(plainNumber(x)));
    lines.push([quoted(rows?.[row] ?? String(row)), ...numbers].join(","));
  }
  return `${lines.join("\r\n")}\r\n`;
}

function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table as JSON that any parser reads: NaN and infinities are the strings `nan`, `inf`, `-inf`. */
export function tableJson({ name, stage, head, values, rows, columns }: StageTable): string {
  const [height, width] = values.shape as [number, number];
  const lines = Array.from({ length: height }, (_, row) =>
    JSON.stringify(Array.from(rowOf(values.data as Float64Array, row, width), plainNumber)),
  );
  const about = { name, stage, batch: head.batch, head: head.head, shape: values.shape, queries: rows, keys: columns };
  return `${JSON.stringify(about, undefined, 2).slice(0, -2)},\n  "data": [\n    ${lines.join(",\n    ")}\n  ]\n}\n`;
}

function rowOf(data: Float64Array, row: number, width: number): Float64Array {
  return data.subarray(row * width, (row + 1) * width);
}
