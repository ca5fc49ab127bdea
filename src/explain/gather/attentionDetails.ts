import type { AttentionProblem } from "../../attention/problem.ts";
import type { AttentionResult, Head } from "../../attention/result.ts";
import type { AttentionSite, Part } from "../../reading/document.ts";
import type { AttentionFacts, EffectFacts } from "../facts.ts";
import { attendersOf } from "./attenders.ts";
import { effectOf } from "./effect.ts";
import { largest } from "./largest.ts";
import { spreadOf } from "./variance.ts";

/** A computed problem, and the place in one of its tensors. */
export interface DetailQuestion {
  readonly result: AttentionResult;
  /** null: the weights were given, and only rows of them can be described. */
  readonly problem: AttentionProblem | null;
  readonly site: Pick<AttentionSite, "queryTokens" | "keyTokens">;
  readonly role: Part;
  /** The index of the element, or of the first element of the row; null for the tensor as a whole. */
  readonly index: readonly number[] | null;
  /** Whether the place is the element, not its whole row. */
  readonly element: boolean;
}

/** Every row of a head is computed for these details: beyond so many multiply-adds they are left to the panel. */
const budget = 2 ** 20;
const topCount = 5;
const longRow = 2 ** 16;
/** Parts that the scale is about. */
const explainsScale: ReadonlySet<Part> = new Set(["query", "key", "scores", "scaled"]);

/** What a hover says beyond sizes: the row, who attends, how scores spread, what one number would change. */
export function attentionDetails(
  question: DetailQuestion,
): Pick<AttentionFacts, "head" | "row" | "keyRow" | "spread" | "pair"> & { effect?: EffectFacts } {
  const { result, role, index } = question;
  const head = headOf(question);
  const { queries, keys, size, valueSize } = result.sizes;
  const cheap = result.stages.includes("scores") && queries * keys * (size + valueSize) <= budget;
  const row = index && rowOf(question, head);
  const keyRow = index && cheap && (role === "key" || role === "value") ? keyRowOf(question, head) : null;
  const spread = cheap && explainsScale.has(role) ? spreadOf(result, head) : null;
  const effect = cheap ? namedEffect(question, head) : null;
  const pair = index && pairOf(question, head);
  return {
    head,
    ...(row && { row }),
    ...(keyRow && { keyRow }),
    ...(spread && { spread }),
    ...(pair && { pair }),
    ...(effect && { effect }),
  };
}

/** The batch entry and the first query head that uses this part of the tensor. */
function headOf({ result: { sizes }, role, index }: DetailQuestion): Head {
  const [own, batch] = [index?.at(-3) ?? 0, index?.at(-4) ?? 0];
  const head = role === "key" || role === "value" ? (own * sizes.heads) / sizes.kvHeads : own;
  return { batch, head };
}

/** The weights of the query that the place belongs to; places in K and V belong to no single query. */
function rowOf(question: DetailQuestion, head: Head): AttentionFacts["row"] {
  const { result, problem, site, role, index } = question;
  if (role === "key" || role === "value" || !matchesQueries(problem, role, result)) return undefined;
  const query = index!.at(-2) ?? 0;
  const row = result.row(head, query);
  const attended = largest(row.weights, topCount).filter((key) => row.weights[key]! !== 0);
  const top = attended.map((key) => ({
    key,
    weight: row.weights[key]!,
    ...token(site.keyTokens, key),
  }));
  const pair = top[0] && worksPair(question) ? result.cell(head, query, top[0].key) : undefined;
  return {
    query,
    statistics: row.statistics,
    top,
    ...token(site.queryTokens, query),
    ...(pair && { strongest: pair }),
  };
}

/** A cell costs as much as its row. A hover on a number does without it where rows are long. */
function worksPair({ result: { stages, sizes }, element }: DetailQuestion): boolean {
  return stages.includes("scores") && (!element || sizes.keys * sizes.size <= longRow);
}

/** An element of the scores or the weights is a pair's: how it comes about. */
function pairOf(question: DetailQuestion, head: Head): AttentionFacts["pair"] | null {
  const { result, role, index, element } = question;
  if (!element || (role !== "scores" && role !== "weights") || !worksPair(question)) return null;
  const [query, key] = [index!.at(-2) ?? 0, index!.at(-1) ?? 0];
  return query < result.sizes.queries && key < result.sizes.keys ? result.cell(head, query, key) : null;
}

/** A mask may have one row for all queries: then no row of it is one query's. */
function matchesQueries(problem: AttentionProblem | null, role: Part, { sizes }: AttentionResult): boolean {
  return role !== "mask" || problem?.mask?.shape.at(-2) === sizes.queries;
}

function keyRowOf({ result, site, index }: DetailQuestion, head: Head): AttentionFacts["keyRow"] {
  const { top, ...facts } = attendersOf(result, head, index!.at(-2) ?? 0, topCount);
  const named = top.map(({ query, weight }) => ({ query, weight, ...token(site.queryTokens, query) }));
  return { ...facts, top: named, ...token(site.keyTokens, facts.key) };
}

function namedEffect({ result, problem, site, role, index, element }: DetailQuestion, head: Head): EffectFacts | null {
  if (!problem || !index || !element || index.length < 2 || !matchesQueries(problem, role, result)) return null;
  const effect = effectOf(result, problem, { ...head, role, row: index.at(-2)!, column: index.at(-1)! });
  if (!effect) return null;
  const changes = effect.changes.map((change) => ({
    ...change,
    ...renamed("queryToken", site.queryTokens, change.query),
    ...(change.key !== undefined && renamed("keyToken", site.keyTokens, change.key)),
  }));
  return { ...effect, changes };
}

function token(tokens: AttentionSite["queryTokens"], at: number): { token?: string } {
  return renamed("token", tokens, at);
}

function renamed<Name extends string>(
  name: Name,
  tokens: AttentionSite["queryTokens"],
  at: number,
): Partial<Record<Name, string>> {
  const label = tokens?.labels[at];
  return label === undefined ? {} : ({ [name]: label } as Record<Name, string>);
}
