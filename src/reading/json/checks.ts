import { message } from "../../tensor/message.ts";
import { reader, sizeOf, type Tensor } from "../../tensor/tensor.ts";
import type { AttentionSite, ReadingProblem, TensorEntry, WrittenOption } from "../document.ts";
import { misfit } from "../siteProblem.ts";
import type { FoundSite } from "./sites.ts";
import { axisFromEnd } from "./tokens.ts";

/** What does not fit together in a site: empty tensors, widths of Q and K, lengths of K and V, numbers of words, weights. */
export function siteProblems({ site, entries, tokens, problems }: FoundSite): ReadingProblem[] {
  const { query, key, value, weights } = entries;
  return [
    ...problems,
    ...[query, key, value, weights].flatMap(emptiness),
    ...(site.options.steps?.some(({ kind }) => kind === "project" || kind === "general")
      ? []
      : differ(query, key, 1, "json.width")),
    ...differ(key, value, 2, "json.length"),
    ...tokens.misfits.map(({ tokens: words, name, expected }): ReadingProblem => {
      const args = { name, length: words.labels.length, expected };
      return { severity: "warning", range: words.range, message: message("json.tokens", args) };
    }),
    ...optionProblems(site, entries),
    ...weightProblems(weights),
  ];
}

/** The options that what a plan refuses is about, the first of them that is written. */
const refusedFor: Readonly<Record<string, readonly WrittenOption["option"][]>> = {
  "attention.sinks": ["sinks"],
  "attention.slopes": ["alibi"],
  "attention.relative": ["relativeBias"],
  "attention.segments": ["segments", "segmentIds"],
  "attention.additive": ["vector"],
  "attention.general-shape": ["generalWeight"],
  "attention.rotary-size": ["rotary"],
  "attention.gain": ["norm"],
  // Of projections that end in different widths.
  "attention.width": ["keyWeight", "queryWeight"],
};

/** An option that does not fit the tensors, said where it stands. */
function optionProblems({ options, written = [] }: AttentionSite, entries: FoundSite["entries"]): ReadingProblem[] {
  const refused = written.length > 0 ? misfit(entries, options) : null;
  if (!refused) return [];
  const asked =
    refused.code === "attention.additive-shape"
      ? ([refused.args?.input === "query" ? "queryWeight" : "keyWeight", "poolingWeight"] as const)
      : (refusedFor[refused.code] ?? []);
  const at = asked.map((option) => written.find((each) => each.option === option)).find((each) => each !== undefined);
  return at ? [{ severity: "error", range: at.nameRange, message: refused }] : [];
}

function emptiness(entry: TensorEntry | undefined): ReadingProblem[] {
  if (!entry?.shape?.includes(0)) return [];
  const args = { tensor: entry.name, shape: sizes(entry) };
  return [{ severity: "error", range: entry.range, message: message("json.empty", args) }];
}

/** Two tensors whose axis, counted from the end, must have one size. Said at the second. */
function differ(
  first: TensorEntry | undefined,
  second: TensorEntry | undefined,
  back: number,
  code: string,
): ReadingProblem[] {
  const [one, other] = [axisFromEnd(first, back), axisFromEnd(second, back)];
  if (!first || !second || !one || !other || one === other) return [];
  const args = {
    first: first.name,
    firstShape: sizes(first),
    second: second.name,
    secondShape: sizes(second),
    one,
    other,
  };
  return [{ severity: "error", range: second.nameRange ?? second.range, message: message(code, args) }];
}

/** As many sizes as are known, to be written `4×8`. */
function sizes(entry: TensorEntry): readonly number[] | string {
  const shape = entry.shape ?? [];
  return shape.every((size) => typeof size === "number")
    ? (shape as number[])
    : shape.map((size) => size ?? "?").join("×");
}

/** At most this many rows of one tensor are named. */
const maximumRows = 20;

/** Weights that are given are checked: none is negative, and every row sums to 1, or to 0 where all keys are masked. */
function weightProblems(entry: TensorEntry | undefined): ReadingProblem[] {
  const values = entry?.values;
  if (!entry || !values || values.shape.length < 2 || values.shape.includes(0)) return [];
  const width = values.shape.at(-1)!;
  const count = sizeOf(values.shape);
  // Read where they lie: there may be millions.
  const weightAt = reader(values);
  const tolerance = toleranceOf(entry, values, width);
  const problems: ReadingProblem[] = [];
  for (let first = 0; first < count && problems.length < maximumRows; first += width) {
    let [sum, negative] = [0, -1];
    for (let flat = first; flat < first + width; flat++) {
      const weight = weightAt(flat);
      sum += weight;
      if (weight < 0 && negative < 0) negative = flat;
    }
    if (negative >= 0) problems.push(negativeWeight(entry, negative, weightAt(negative)));
    else if (sum !== 0 && !(Math.abs(sum - 1) <= tolerance)) problems.push(wrongSum(entry, first, sum));
  }
  return problems;
}

/** How far the sum of a row may be from 1. Weights written with d decimals are off by up to half a unit of the last one, each. Half precision needs 1e-2. */
export function toleranceOf(entry: TensorEntry, values: Tensor, width: number): number {
  if (values.dtype === "float16" || values.dtype === "bfloat16") return 2e-2;
  const decimals = entry.decimals?.() ?? 17;
  // A little more, since the sum itself is rounded.
  return Math.max(1e-3, width * 0.5 * 10 ** -decimals) + 1e-9;
}

function negativeWeight(entry: TensorEntry, flat: number, value: number): ReadingProblem {
  const range = entry.places?.range(flat) ?? entry.nameRange ?? entry.range;
  return { severity: "warning", range, message: message("json.negativeWeight", { value }) };
}

function wrongSum(entry: TensorEntry, flat: number, sum: number): ReadingProblem {
  const range = entry.places?.row(flat) ?? entry.nameRange ?? entry.range;
  return { severity: "warning", range, message: message("json.weightSum", { sum: Number(sum.toPrecision(6)) }) };
}
