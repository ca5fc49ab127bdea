import type { AttentionProblem } from "../../attention/problem.ts";
import type { AttentionResult, Head } from "../../attention/result.ts";
import type { Part } from "../../reading/document.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { ChangeFacts, EffectFacts } from "../facts.ts";
import { elementOf } from "./element.ts";

/** One element of Q, K, V or a float mask. */
export interface EffectPlace extends Head {
  readonly role: Part;
  readonly row: number;
  readonly column: number;
}

/** At most this many changes are kept, largest first. */
const keptChanges = 3;

/**
 * What would change if one number grew by a tenth (0 by 0.1): the weights, recomputed exactly, and their derivative;
 * for V the output. Null where nothing follows from the number: no finite value, another role, an additive score.
 *
 * With δⱼ the change of the masked scores of a row, its new weights are w′ⱼ = wⱼ·exp(δⱼ) / Σₖ wₖ·exp(δₖ), where the sum
 * takes in what a sink holds; the derivative is dwⱼ = wⱼ·(dsⱼ − Σₖ wₖ·dsₖ).
 */
export function effectOf(result: AttentionResult, problem: AttentionProblem, place: EffectPlace): EffectFacts | null {
  if (problem.score?.kind === "additive") return null;
  const { role, batch, row, column } = place;
  // What follows from a number of Q or K goes through what is done to them first.
  if (problem.before && (role === "query" || role === "key")) return null;
  const tensors: Partial<Record<Part, Tensor | undefined>> = problem as Partial<Record<Part, Tensor>>;
  const tensor = tensors[role];
  if (!tensor || tensor.dtype === "bool") return null;
  const value = elementOf(tensor, batch, ownHead(place, problem, result), row, column);
  const step = value === 0 ? 0.1 : value / 10;
  if (!Number.isFinite(value)) return null;
  const all = changes({ result, problem, place, step });
  const kept = all
    .filter(({ before }) => Number.isFinite(before))
    .sort(bySize)
    .slice(0, keptChanges);
  return { step, of: role === "value" ? "output" : "weights", changes: kept };
}

interface Question {
  readonly result: AttentionResult;
  readonly problem: AttentionProblem;
  readonly place: EffectPlace;
  readonly step: number;
}

function bySize(a: ChangeFacts, b: ChangeFacts): number {
  return Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || a.query - b.query;
}

/** `place.head` is a query head; K and V have one head for a group of them. */
function ownHead({ role, head }: EffectPlace, { mask }: AttentionProblem, { sizes }: AttentionResult): number {
  if (role === "query") return head;
  if (role === "mask") return (mask?.shape.at(-3) ?? 1) > 1 ? head : 0;
  return Math.floor((head * sizes.kvHeads) / sizes.heads);
}

function changes(question: Question): ChangeFacts[] {
  const { place, result } = question;
  if (place.role === "query" || place.role === "mask") return rowChanges(question, place.row);
  return Array.from({ length: result.sizes.queries }, (_, query) => query).flatMap((query) =>
    place.role === "value" ? [outputChange(question, query)] : rowChanges(question, query),
  );
}

function outputChange({ result, place, step }: Question, query: number): ChangeFacts {
  const { weights, output } = result.row(place, query);
  const [weight, before] = [weights[place.row]!, output[place.column]!];
  return { query, column: place.column, before, after: before + weight * step, slope: weight };
}

/** For Q and a mask every weight of the row; for K only the weight of the key itself. */
function rowChanges(question: Question, query: number): ChangeFacts[] {
  const { result, place, step } = question;
  const row = result.row(place, query);
  if (row.statistics.fullyMasked) return [];
  const keys = Array.from(row.weights.keys());
  const softcap = place.role === "mask" ? undefined : question.problem.softcap;
  const slopes = keys.map((key) => scoreSlope(question, query, key));
  const shifts = keys.map((key) => shiftOf(row.scaled[key]!, softcap, slopes[key]! * step));
  const bent = keys.map((key) => slopes[key]! * bend(row.scaled[key]!, softcap));
  const after = shifted(row.weights, shifts);
  const mean = keys.reduce((sum, key) => sum + row.weights[key]! * bent[key]!, 0);
  return keys
    .filter((key) => place.role !== "key" || key === place.row)
    .map((key) => {
      const before = row.weights[key]!;
      return { query, key, before, after: after[key]!, slope: before * (bent[key]! - mean) };
    });
}

/** How fast the scaled score of a pair grows with the number, before the softcap; for a mask, the masked score. */
function scoreSlope({ result, problem, place }: Question, query: number, key: number): number {
  const { role, batch, head, row, column } = place;
  const shared = Math.floor((head * result.sizes.kvHeads) / result.sizes.heads);
  if (role === "query") return result.scale * elementOf(problem.key, batch, shared, key, column);
  if (role === "key") return key === row ? result.scale * elementOf(problem.query, batch, head, query, column) : 0;
  return key === column ? 1 : 0;
}

/** The derivative of the softcap, 1 − tanh²(s/c); 1 without one, and for a mask, which acts behind it. */
function bend(scaled: number, softcap: number | undefined): number {
  return softcap ? 1 - Math.tanh(scaled / softcap) ** 2 : 1;
}

/** How far the masked score moves when the scaled score moves by `by`. */
function shiftOf(scaled: number, softcap: number | undefined, by: number): number {
  return softcap ? softcap * (Math.tanh((scaled + by) / softcap) - Math.tanh(scaled / softcap)) : by;
}

function shifted(weights: Float64Array, shifts: readonly number[]): number[] {
  const rest = Math.max(0, 1 - weights.reduce((sum, weight) => sum + weight, 0));
  const most = Math.max(0, ...shifts);
  const grown = shifts.map((shift, key) => (weights[key] === 0 ? 0 : weights[key]! * Math.exp(shift - most)));
  const sum = grown.reduce((total, weight) => total + weight, rest * Math.exp(-most));
  return grown.map((weight) => weight / sum);
}
