import { message } from "../../tensor/message.ts";
import type {
  AttentionSite,
  Language,
  Reader,
  ReadingProblem,
  ReadOptions,
  TensorDocument,
  TensorEntry,
  TextRange,
} from "../document.ts";
import { linesOf } from "../lines.ts";
import { roleOf } from "../roles.ts";
import { siteProblems } from "./checks.ts";
import { changed } from "./derive.ts";
import { findTensors } from "./find.ts";
import { maximumSites, namedSites } from "./layouts/named.ts";
import { numberedHeads } from "./layouts/numbered.ts";
import { onnxCases } from "./layouts/onnx.ts";
import { pooledSequences } from "./layouts/pooling.ts";
import { possibleWeights } from "./layouts/possible.ts";
import { stackedWeights } from "./layouts/stacked.ts";
import { placeAt } from "./placeAt.ts";
import { isBroken, type Replaced, reread, together } from "./reread.ts";
import { scan } from "./scanner.ts";
import type { Findings, FoundSite } from "./sites.ts";
import { Source } from "./source.ts";
import type { Tape } from "./tape.ts";
import type { JsonTensor } from "./tensors.ts";
import { FileText } from "./text.ts";
import { rangeOf } from "./tree.ts";
import { type FastScan, wasmScanner } from "./wasmScanner.ts";

/** More tensors than this are not listed. */
const maximumTensors = 20_000;

/**
 * Reads json, jsonc and jsonl. Any array whose leaves are numbers or booleans is a tensor; values are the nearest
 * doubles, as JSON.parse gives them, and 64-bit integers exact. Linear in the text, and never throws: what is wrong is
 * in `problems`. `wasm`, the bytes of `json.wasm`, makes it several times faster where WebAssembly may be used.
 */
export function jsonReader(wasm?: Uint8Array): Reader {
  const scanText = (wasm && fastScan(wasm)) ?? ((text, language) => scan(String(text), language));
  const readings = new WeakMap<TensorDocument, Reread>();
  return {
    read(text, options) {
      const { language, previous, changes = [] } = options;
      const last = previous && changes.length > 0 ? readings.get(previous) : undefined;
      const replaced = last && changes.reduce(together, last.replaced);
      const tape =
        (last && replaced && reread(last.tape, replaced, text, language, scanText)) ?? scanText(text, language);
      const document = understand(tape, options);
      if (!isBroken(tape)) readings.set(document, { tape, replaced: null });
      else if (last && replaced) readings.set(document, { tape: last.tape, replaced });
      return document;
    },
  };
}

/** Null where WebAssembly is refused, as some policies do. */
function fastScan(wasm: Uint8Array): FastScan | null {
  try {
    return wasmScanner(wasm);
  } catch {
    return null;
  }
}

/** The tape of a text without a mistake, and what has been edited since. */
interface Reread {
  readonly tape: Tape;
  readonly replaced: Replaced | null;
}

/** What a scanned text means. */
export function understand(tape: Tape, { language }: ReadOptions): TensorDocument {
  const source = new Source(tape);
  const { tensors: found, tooDeep, tooMany } = findTensors(source, maximumTensors);
  const { written, counting } = withoutOverridden(found);
  const { tensors: derived, sites: all, settled, problems: unmade = [] } = findSites(source, counting);
  const sites = inOrder(all).slice(0, maximumSites);
  const possible = possibleWeights(source, counting.filter(partless(sites, settled)));
  const tensors = [...written, ...derived];
  const problems = [
    ...syntaxProblems(tape, language),
    ...tensors.flatMap((tensor) => tensorProblems(tensor, sites)),
    ...sites.flatMap(siteProblems),
    ...unmade,
    ...(all.length > maximumSites ? [tooManySites(sites.at(-1)!.site.anchor)] : []),
    ...limits(tape, { "json.deep": tooDeep, "json.many": tooMany }),
  ];
  let byNode: Map<number, TensorEntry> | undefined;
  let byId: Map<string, TensorEntry> | undefined;
  return {
    language,
    tensors: tensors.map(({ entry }) => entry),
    tensorOf(id) {
      byId ??= new Map(tensors.map(({ entry }) => [entry.id, entry]));
      return byId.get(id);
    },
    sites: siteList(tape, [...sites, ...possible]),
    problems: problems.sort((a, b) => a.range.start - b.range.start),
    at(offset) {
      byNode ??= entriesByNode(tensors);
      return placeAt(tape, byNode, offset);
    },
  };
}

/** Of members with equal keys the last one counts, as in JSON.parse; the others are listed, but play no part. */
function withoutOverridden(found: readonly JsonTensor[]): {
  readonly written: JsonTensor[];
  readonly counting: JsonTensor[];
} {
  const last = new Map(found.map((tensor) => [tensor.entry.id, tensor]));
  if (last.size === found.length) return { written: [...found], counting: [...found] };
  const written = found.map((tensor, at) => {
    const { entry } = tensor;
    return last.get(entry.id) === tensor ? tensor : { ...tensor, entry: changed(entry, { id: `${entry.id}~${at}` }) };
  });
  return { written, counting: [...last.values()] };
}

/** A list whose rows differ is an error in a tensor that has a role; anywhere else it is only worth knowing. */
function tensorProblems({ entry, problems }: JsonTensor, sites: readonly FoundSite[]): readonly ReadingProblem[] {
  if (problems.length === 0 || roleOf(entry.name) || sites.some(({ entries }) => plays(entries, entry)))
    return problems;
  return problems.map((problem) => (problem.severity === "error" ? { ...problem, severity: "information" } : problem));
}

/** Whether a tensor plays no part in any site. */
function partless(sites: readonly FoundSite[], settled: ReadonlySet<string>): (tensor: JsonTensor) => boolean {
  const playing = new Set(
    sites.flatMap(({ entries }) => Object.values(entries).flatMap(({ id, derivedFrom }) => [id, derivedFrom])),
  );
  return ({ entry }) => !settled.has(entry.id) && !playing.has(entry.id);
}

function plays(entries: FoundSite["entries"], { id }: TensorEntry): boolean {
  return Object.values(entries).some((entry) => entry.id === id || entry.derivedFrom === id);
}

/** Layouts that know more than names come first; names are asked for what they leave. */
function findSites(source: Source, tensors: readonly JsonTensor[]): Findings {
  const sites: FoundSite[] = [];
  const derived: JsonTensor[] = [];
  const settled = new Set<string>();
  const problems: ReadingProblem[] = [];
  for (const layout of [onnxCases, pooledSequences, numberedHeads, stackedWeights, namedSites]) {
    const left = settled.size ? tensors.filter(({ entry }) => !settled.has(entry.id)) : tensors;
    const found = layout(source, left);
    sites.push(...found.sites);
    derived.push(...found.tensors);
    problems.push(...(found.problems ?? []));
    for (const id of found.settled) settled.add(id);
  }
  return { tensors: derived, sites, settled, problems };
}

function inOrder(sites: readonly FoundSite[]): FoundSite[] {
  return [...sites].sort((a, b) => a.site.anchor.start - b.site.anchor.start);
}

/** In jsonl, what people count is lines: `:3` is the third, as in `file.jsonl:3`. */
function siteList(tape: Tape, sites: readonly FoundSite[]): AttentionSite[] {
  // The lines of a file that is read in ranges are not counted.
  if (!tape.lines || tape.text instanceof FileText) return sites.map(({ site }) => site);
  const lines = linesOf(String(tape.text));
  return sites.map(({ site }) => {
    const line = lines.position(site.anchor.start).line + 1;
    return { ...site, name: `:${line} ${site.name.replace(/^\[\d+\]\.?/, "")}`.trimEnd() };
  });
}

/** Tensors put together for a site come last and answer for what they are made of. */
function entriesByNode(tensors: readonly JsonTensor[]): Map<number, TensorEntry> {
  const byNode = new Map<number, TensorEntry>();
  for (const { entry, node, covers } of tensors) for (const covered of covers ?? [node]) byNode.set(covered, entry);
  return byNode;
}

function limits(tape: Tape, found: Readonly<Record<string, number>>): ReadingProblem[] {
  return Object.entries(found).flatMap(([code, node]) =>
    node < 0 ? [] : [{ severity: "information" as const, range: firstCharacter(tape, node), message: message(code) }],
  );
}

function tooManySites(range: TextRange): ReadingProblem {
  return { severity: "information", range, message: message("json.manySites", { limit: maximumSites }) };
}

function firstCharacter(tape: Tape, node: number): TextRange {
  const { start } = rangeOf(tape, node);
  return { start, end: start + 1 };
}

/** VS Code's own service tells mistakes in json and jsonc; nobody does in jsonl. */
function syntaxProblems(tape: Tape, language: Language): ReadingProblem[] {
  return tape.problems.map(({ broken, ...problem }) =>
    broken ? { ...problem, broken, ...(language === "jsonl" ? {} : { saidElsewhere: true }) } : problem,
  );
}
