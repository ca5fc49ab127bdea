import { message } from "../../tensor/message.ts";
import type { ReadingProblem, TensorEntry } from "../document.ts";
import type { FoundSite } from "./sites.ts";
import type { Tape } from "./tape.ts";
import type { JsonTensor } from "./tensors.ts";
import { axisFromEnd } from "./tokens.ts";
import { fieldOf, pathOf, rangeOf, stringOf } from "./tree.ts";

/** What is wrong with one tensor: rows of unequal length, text among the numbers, nulls. */
export function tensorProblems(tape: Tape, { entry, nesting, leaves }: JsonTensor): ReadingProblem[] {
  const problems: ReadingProblem[] = nesting.ragged.map(({ node, length, expected, byLength }) => ({
    severity: "error",
    range: rangeOf(tape, node),
    message: byLength
      ? message("json.ragged", { row: pathOf(tape, node), index: fieldOf(tape, node, "index"), length, expected })
      : message("json.mixed", { row: pathOf(tape, node) }),
  }));
  for (const text of leaves.texts.slice(0, 10)) {
    const args = { text: stringOf(tape, text).slice(0, 40), tensor: entry.name };
    problems.push({ severity: "error", range: rangeOf(tape, text), message: message("json.text", args) });
  }
  const [first] = leaves.nulls;
  if (first !== undefined) {
    const args = { count: leaves.nulls.length, tensor: entry.name };
    problems.push({ severity: "information", range: rangeOf(tape, first), message: message("json.null", args) });
  }
  if (nesting.tooDeep)
    problems.push({
      severity: "warning",
      range: { start: entry.range.start, end: entry.range.start + 1 },
      message: message("json.tooDeep"),
    });
  return problems;
}

/** What does not fit together in a site: widths of Q and K, lengths of K and V, numbers of words. */
export function siteProblems({ site, tokens }: FoundSite, entries: ReadonlyMap<string, TensorEntry>): ReadingProblem[] {
  const [query, key, value] = [site.roles.query, site.roles.key, site.roles.value].map((id) =>
    id ? entries.get(id) : undefined,
  );
  const problems = [
    ...empty([query, key, value]),
    ...differ(query, key, 1, "json.width"),
    ...differ(key, value, 2, "json.length"),
  ];
  for (const { tokens: words, name, expected } of tokens.misfits) {
    const args = { name, length: words.labels.length, expected };
    problems.push({ severity: "warning", range: words.range, message: message("json.tokens", args) });
  }
  return problems;
}

function empty(entries: readonly (TensorEntry | undefined)[]): ReadingProblem[] {
  return entries.flatMap((entry) =>
    entry?.shape?.includes(0)
      ? [
          {
            severity: "error" as const,
            range: entry.range,
            message: message("json.empty", { tensor: entry.name, shape: numbers(entry) }),
          },
        ]
      : [],
  );
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
    firstShape: numbers(first),
    second: second.name,
    secondShape: numbers(second),
    one,
    other,
  };
  return [{ severity: "error", range: second.nameRange ?? second.range, message: message(code, args) }];
}

function numbers(entry: TensorEntry): string[] | number[] {
  const shape = entry.shape ?? [];
  return shape.every((axis) => typeof axis === "number")
    ? (shape as number[])
    : [shape.map((axis) => axis ?? "?").join("×")];
}
