import { attend } from "../../attention/engine.ts";
import { formOf } from "../../attention/forms/formOf.ts";
import type { AttentionProblem } from "../../attention/problem.ts";
import type { AttentionResult, AttentionRow, Head } from "../../attention/result.ts";
import type { AttentionSite } from "../../reading/document.ts";
import type { SoftmaxStep, TourFacts } from "../tour/tourFacts.ts";
import { attentionDetails } from "./attentionDetails.ts";
import { elementOf } from "./element.ts";
import { largest } from "./largest.ts";

const pictureSize = 48;
const shownKeys = 6;
const shownColumns = 4;
/** Queries among which the one with the clearest attention is looked for. */
const candidates = 64;

/** Gathers what the tour shows of a problem with numbers. */
export async function tourFacts(
  result: AttentionResult,
  problem: AttentionProblem,
  site: Pick<AttentionSite, "id" | "name" | "queryTokens" | "keyTokens">,
): Promise<TourFacts> {
  const head: Head = { batch: 0, head: 0 };
  const query = clearest(result, head);
  const row = result.row(head, query);
  const index = [0, 0, query, 0];
  const details = attentionDetails({ result, problem, site, role: "query", index, element: false });
  const { sizes, scale } = result;
  const causal = problem.causal ?? "none";
  const form = formOf(problem, problem.before?.steps);
  return {
    name: site.name,
    attention: {
      site: site.id,
      role: "query",
      sizes,
      scale,
      causal,
      masked: problem.mask !== undefined,
      ...(form && { form }),
      ...details,
    },
    kvHeads: sizes.kvHeads,
    sameTokens: sameTokens(site),
    weights: await picture(result, head),
    softmax: steps(row, problem, result, site),
    moreKeys: Math.max(0, sizes.keys - shownKeys),
    shownColumns,
    output: [...row.output.subarray(0, shownColumns)],
    other: await otherMask(problem, head, row),
  };
}

/** The query whose attention is least spread; not the first, which a causal mask leaves alone with itself. */
function clearest(result: AttentionResult, head: Head): number {
  const count = Math.min(candidates, result.sizes.queries);
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let query = count > 1 ? 1 : 0; query < count; query++) {
    const { entropy, fullyMasked } = result.row(head, query).statistics;
    if (!fullyMasked && entropy < least) [best, least] = [query, entropy];
  }
  return best;
}

function sameTokens({ queryTokens, keyTokens }: Pick<AttentionSite, "queryTokens" | "keyTokens">): boolean | null {
  if (!queryTokens || !keyTokens) return null;
  return queryTokens.labels.join("\u0000") === keyTokens.labels.join("\u0000");
}

async function picture(result: AttentionResult, head: Head): Promise<TourFacts["weights"]> {
  const { queries, keys } = result.sizes;
  const step = Math.max(1, Math.ceil(Math.max(queries, keys) / pictureSize));
  const [rows, columns] = [Math.ceil(queries / step), Math.ceil(keys / step)];
  const { values } = await result.tile({ ...head, stage: "weights", row: 0, column: 0, rows, columns, step });
  return { rows, columns, values };
}

function steps(
  { weights, masked, statistics }: AttentionRow,
  { value }: AttentionProblem,
  { sizes }: AttentionResult,
  { keyTokens }: Pick<AttentionSite, "keyTokens">,
): SoftmaxStep[] {
  const order = largest(weights, shownKeys);
  const columns = Math.min(shownColumns, sizes.valueSize);
  return order.map((key) => ({
    key,
    masked: masked[key]!,
    exponential: statistics.fullyMasked ? 0 : Math.exp(masked[key]! - statistics.maximum),
    weight: weights[key]!,
    value: Array.from({ length: columns }, (_, column) => elementOf(value, 0, 0, key, column)),
    ...(keyTokens?.labels[key] !== undefined && { token: keyTokens.labels[key]! }),
  }));
}

/** The same query with the causal mask, or without it where the problem has it. */
async function otherMask(problem: AttentionProblem, head: Head, row: AttentionRow): Promise<TourFacts["other"]> {
  const causal = (problem.causal ?? "none") === "none";
  const computed = await attend({ ...problem, causal: causal ? "topLeft" : "none" });
  if (!computed.ok) return null;
  const { weights } = computed.value.row(head, row.query);
  if (weights.every((weight, key) => weight === row.weights[key])) return null;
  const order = largest(row.weights, shownKeys);
  return { causal, weights: order.map((key) => weights[key]!) };
}
