import type { AttentionProblem, Stage } from "../attention/problem.ts";
import type { AttentionResult, Head } from "../attention/result.ts";
import type { ScaleKind } from "../picture/scale.ts";
import { attentionProgram, type CodeLanguage } from "./attentionCode.ts";
import { cellLatex } from "./cellLatex.ts";
import { figureSvg } from "./figureSvg.ts";
import { npyBytes } from "./npyBytes.ts";
import { type StageTable, stageTable, type TableLabels } from "./stageTable.ts";
import { tableCsv, tableJson } from "./tableText.ts";

/** What can be exported: a stage of a head (`csv`, `json`, `npy`, `svg`), a cell (`latex`), a head's problem as a program. */
export type ExportFormat = "csv" | "json" | "npy" | "svg" | "latex" | "numpy" | "pytorch";

export interface ExportRequest extends Head {
  readonly stage: Stage;
  readonly format: ExportFormat;
  /** The cell that `latex` derives. */
  readonly query: number | null;
  readonly key: number | null;
  readonly picture: { readonly colorMap: string; readonly scale: ScaleKind };
}

/** What an export is made of. */
export interface ExportSource {
  readonly result: AttentionResult;
  /** Absent where weights were given: then there is no code to write. */
  readonly problem?: AttentionProblem;
  readonly labels: TableLabels;
  /** Words on the figure, in the user's language. */
  readonly words: {
    readonly queries: string;
    readonly keys: string;
    readonly dimensions: string;
    readonly stage: string;
    /** That the numbers are samples. */
    readonly sampled?: string;
  };
}

export interface Exported {
  /** What a save dialog suggests. */
  readonly name: string;
  /** UTF-8 where it is text. */
  readonly bytes: Uint8Array;
  /** What it loads when it runs: files that belong beside it. */
  readonly beside: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

const endings: Readonly<Record<ExportFormat, string>> = {
  csv: "csv",
  json: "json",
  npy: "npy",
  svg: "svg",
  latex: "tex",
  numpy: "py",
  pytorch: "py",
};

/** @throws RangeError for what the result does not have, and for more numbers than fit one file. */
export async function exported(
  source: ExportSource,
  request: ExportRequest,
  pause?: () => Promise<void>,
): Promise<Exported> {
  const name = `${baseName(source.labels.name)}-${what(request, source)}.${endings[request.format]}`;
  if (request.format === "npy")
    return { name, bytes: npyBytes((await tableOf(source, request, pause)).values), beside: [] };
  if (request.format === "numpy" || request.format === "pytorch")
    return { name, ...program(source, request, request.format) };
  return { name, bytes: new TextEncoder().encode(await textOf(source, request, pause)), beside: [] };
}

function program(
  { problem, result, labels }: ExportSource,
  request: ExportRequest,
  language: CodeLanguage,
): Pick<Exported, "bytes" | "beside"> {
  if (!problem) throw new RangeError("weights that are given have no code");
  const filePrefix = `${baseName(labels.name)}${headSuffix(request, result)}`;
  const { text, files } = attentionProgram(problem, result, request, {
    language,
    title: labels.name,
    filePrefix,
  });
  const beside = files.map(({ name, values }) => ({ name, bytes: npyBytes(values) }));
  return { bytes: new TextEncoder().encode(text), beside };
}

async function textOf(source: ExportSource, request: ExportRequest, pause?: () => Promise<void>): Promise<string> {
  switch (request.format) {
    case "csv":
      return tableCsv(await tableOf(source, request, pause));
    case "json":
      return tableJson(await tableOf(source, request, pause));
    case "svg":
      return figure(await tableOf(source, request, pause), source, request);
    case "latex":
      return latex(source, request);
    default:
      throw new RangeError(`${request.format} is no text`);
  }
}

function tableOf(
  { result, labels }: ExportSource,
  request: ExportRequest,
  pause?: () => Promise<void>,
): Promise<StageTable> {
  return stageTable(result, { batch: request.batch, head: request.head }, request.stage, labels, pause);
}

function figure(
  table: StageTable,
  { words, labels, result }: ExportSource,
  { picture, batch, head, stage }: ExportRequest,
): string {
  const which = result.sizes.batch * result.sizes.heads > 1 ? ` (${batch}·${head})` : "";
  return figureSvg(table, {
    ...picture,
    title: `${labels.name}${which}: ${words.stage}`,
    rowTitle: words.queries,
    columnTitle: stage === "output" ? words.dimensions : words.keys,
  });
}

function latex({ result, labels }: ExportSource, { query, key, ...head }: ExportRequest): string {
  const [q, k] = [query ?? 0, key ?? 0];
  const names = { query: labels.queries?.[q] ?? String(q), key: labels.keys?.[k] ?? String(k) };
  return cellLatex(result.cell(head, q, k), names);
}

/** A file name without its folder, its ending, and characters that file systems refuse. */
function baseName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? "";
  return (
    last
      .replace(/\.[a-z0-9]+$/i, "")
      .replace(/[^\p{L}\p{N}._-]+/gu, "_")
      .slice(0, 60) || "attention"
  );
}

function headSuffix({ batch, head }: Head, { sizes }: AttentionResult): string {
  return sizes.batch * sizes.heads > 1 ? `-${batch}-${head}` : "";
}

function what(request: ExportRequest, { result }: ExportSource): string {
  const { format, stage, query, key } = request;
  const which = headSuffix(request, result);
  if (format === "latex") return `cell${which}-${query}-${key}`;
  return format === "numpy" || format === "pytorch" ? `${format}${which}` : `${stage}${which}`;
}
