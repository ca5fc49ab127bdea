import type { Dim, ReadingProblem, Severity, TensorDocument, TensorEntry } from "../reading/document.ts";
import type { Lines } from "../reading/lines.ts";
import type { Message } from "../tensor/message.ts";
import { shapeText } from "../tensor/tensor.ts";
import { type PlainNumber, plainValues } from "./numbers.ts";

type PlainRange = ReturnType<Lines["span"]>;

/** What `inspect --json` prints. Lines and characters count from 0, characters in UTF-16 units. */
export interface Inspection {
  readonly file: string;
  readonly tensors: readonly {
    readonly name: string;
    readonly path: string;
    readonly range: PlainRange;
    /** null: unknown rank; an axis is an integer, a symbol, or null for unknown. */
    readonly shape: readonly Dim[] | null;
    readonly dtype: string | null;
    readonly values: readonly PlainNumber[] | null;
    readonly exact: boolean;
    readonly why?: string;
  }[];
  readonly problems: readonly {
    readonly code: string;
    readonly message: string;
    readonly severity: Severity;
    readonly range: PlainRange;
  }[];
}

export interface InspectionOptions {
  readonly file: string;
  /** At most this many values of each tensor. */
  readonly values: number;
  readonly lines: Lines;
  readonly say: (message: Message) => string;
}

/** What `inspect --expressions --json` prints. */
export interface PlainExpressions {
  readonly file: string;
  readonly expressions: readonly {
    readonly range: PlainRange;
    readonly shapes: readonly (readonly Dim[] | null)[];
    readonly dtypes: readonly (string | null)[];
  }[];
  readonly problems: Inspection["problems"];
}

export function plainExpressions(document: TensorDocument, options: InspectionOptions): PlainExpressions {
  const { file, lines } = options;
  return {
    file,
    expressions: (document.expressions ?? []).map(({ range, shapes, dtypes }) => ({
      range: lines.span(range),
      shapes,
      dtypes,
    })),
    problems: document.problems.map((problem) => plainProblem(problem, options)),
  };
}

/** The same for people: an expression a line. */
export function expressionsText({ expressions }: PlainExpressions): string {
  return expressions
    .map(({ range, shapes, dtypes }) => {
      const seen = shapes.map((shape, at) => `${shape === null ? "?" : `[${shapeText(shape)}]`} ${dtypes[at] ?? "?"}`);
      return `${range.start.line + 1}:${range.start.character + 1}  ${seen.join(", ")}`;
    })
    .join("\n");
}

export function inspection(document: TensorDocument, options: InspectionOptions): Inspection {
  return {
    file: options.file,
    tensors: document.tensors
      .filter((entry) => !entry.derivedFrom && entry.scope !== "local")
      .map((entry) => plainEntry(entry, options)),
    problems: document.problems.map((problem) => plainProblem(problem, options)),
  };
}

function plainEntry(entry: TensorEntry, { values, lines, say }: InspectionOptions): Inspection["tensors"][number] {
  const { name, path, range, shape, dtype, exact, why } = entry;
  return {
    name,
    path,
    range: lines.span(range),
    shape,
    dtype,
    values: entry.values && plainValues(entry.values, values),
    exact,
    ...(why && { why: say(why) }),
  };
}

function plainProblem(
  { message, severity, range }: ReadingProblem,
  { lines, say }: InspectionOptions,
): Inspection["problems"][number] {
  return { code: message.code, message: say(message), severity, range: lines.span(range) };
}

/** The same for people: a tensor a line, then the problems with their places. */
export function inspectionText({ tensors, problems }: Inspection): string {
  const rows = tensors.map(({ path, shape, dtype, range, why }) => [
    path,
    shape === null ? "?" : shape.length === 0 ? "scalar" : shapeText(shape),
    dtype ?? "?",
    `${range.start.line + 1}:${range.start.character + 1}`,
    why ?? "",
  ]);
  const said = problems.map(
    ({ severity, message, range }) => `${range.start.line + 1}:${range.start.character + 1} ${severity}: ${message}`,
  );
  return [...columns(rows), ...said].join("\n");
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]!.length))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
}
