import { message } from "../../tensor/message.ts";
import type { Language, Reader, ReadingProblem, ReadOptions, TensorDocument } from "../document.ts";
import { siteProblems, tensorProblems } from "./checks.ts";
import { tensorNodes } from "./find.ts";
import { placeAt } from "./placeAt.ts";
import { scan } from "./scanner.ts";
import { sitesByNames } from "./sites.ts";
import { Source } from "./source.ts";
import type { Tape } from "./tape.ts";
import { tensorOf } from "./tensors.ts";
import { rangeOf } from "./tree.ts";

/** More tensors than this are not listed. */
const maximumTensors = 20_000;

/**
 * Reads json, jsonc and jsonl. Any array whose leaves are numbers or booleans is a tensor; values are the nearest
 * doubles, as JSON.parse gives them, and 64-bit integers exact. Linear in the text, and never throws: what is wrong is
 * in `problems`.
 */
export function jsonReader(): Reader {
  return { read: (text, options) => understand(scan(text, options.language), options) };
}

/** What a scanned text means. */
export function understand(tape: Tape, options: ReadOptions): TensorDocument {
  const source = new Source(tape);
  const { nodes, tooDeep } = tensorNodes(tape);
  const tensors = nodes.slice(0, maximumTensors).map((node) => tensorOf(tape, node));
  const sites = sitesByNames(source, tensors);
  const entries = new Map(tensors.map(({ entry }) => [entry.id, entry]));
  const problems = [
    ...syntaxProblems(tape, options.language),
    ...tensors.flatMap((tensor) => tensorProblems(tape, tensor)),
    ...sites.flatMap((site) => siteProblems(site, entries)),
  ];
  if (tooDeep >= 0)
    problems.push({ severity: "information", range: firstCharacter(tape, tooDeep), message: message("json.deep") });
  return {
    language: options.language,
    tensors: tensors.map(({ entry }) => entry),
    sites: sites.map(({ site }) => site),
    problems,
    at: (offset) => placeAt(tape, new Map(tensors.map((tensor) => [tensor.node, tensor.entry])), offset),
  };
}

function firstCharacter(tape: Tape, node: number): { start: number; end: number } {
  const { start } = rangeOf(tape, node);
  return { start, end: start + 1 };
}

/** VS Code's own service tells mistakes in json and jsonc; nobody does in jsonl. */
function syntaxProblems(tape: Tape, language: Language): ReadingProblem[] {
  return tape.problems.map(({ broken, ...problem }) =>
    broken ? { ...problem, broken, ...(language === "jsonl" ? {} : { saidElsewhere: true }) } : problem,
  );
}
