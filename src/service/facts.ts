import type { AttentionResult, AttentionRow, Head } from "../attention/result.ts";
import type { AttentionFacts, ElementFacts, Facts, TensorFacts } from "../explain/facts.ts";
import type { Choice, PlaceRequest } from "../protocol/core.ts";
import type { Place, Role, TensorDocument, TensorEntry } from "../reading/document.ts";
import { statistics } from "../tensor/statistics.ts";
import { indexOf, sizeOf, type Tensor, valueAt } from "../tensor/tensor.ts";
import type { MirroredDocument } from "./documents.ts";
import type { Results } from "./results.ts";
import { problemOf, type ResolvedSite, resolve } from "./sites.ts";

/** Larger problems are not computed for a hover; the panel has them. Multiply-adds of QKᵀ. */
const hoverBudget = 2 ** 24;
const pictureSize = 48;
const topKeys = 5;

/** Everything a hover says about the place at `offset`; null where there is no tensor. */
export async function gatherFacts(
  document: MirroredDocument,
  request: PlaceRequest,
  results: Results,
): Promise<Facts | null> {
  const place = document.reading.at(request.offset);
  if (!place) return null;
  const role = playedRole(document.reading, place.tensor, request.choice);
  const element = elementFacts(place, role);
  const attention = role && (await attentionFacts(role, place, request, results));
  return {
    version: document.readVersion,
    range: place.range,
    tensor: tensorFacts(place.tensor),
    ...(element && { element }),
    ...(attention && { attention }),
  };
}

interface PlayedRole {
  readonly role: Role;
  readonly resolved: ResolvedSite;
}

/** The part that a tensor plays: in what the user chose, else in the first site that has it. */
export function playedRole(document: TensorDocument, tensor: TensorEntry, choice?: Choice): PlayedRole | null {
  const choices = [...(choice ? [choice] : []), ...document.sites.map(({ id }) => ({ site: id }))];
  for (const each of choices) {
    const resolved = resolve(document, each);
    if (!resolved.ok) continue;
    const role = (Object.keys(resolved.value.entries) as Role[]).find(
      (name) => resolved.value.entries[name] === tensor,
    );
    if (role) return { role, resolved: resolved.value };
  }
  return null;
}

function tensorFacts({ name, path, shape, axes, dtype, origin, exact, why, values }: TensorEntry): TensorFacts {
  const picture = values && pictureOf(values);
  return {
    name,
    path,
    shape,
    dtype,
    origin,
    exact,
    ...(axes && { axes }),
    ...(why && { why }),
    ...(values && { statistics: statistics(values) }),
    ...(picture && { picture }),
  };
}

/** The last two axes at index 0 of the others, shrunk by keeping of each block the element largest in magnitude. */
function pictureOf(t: Tensor): TensorFacts["picture"] | undefined {
  const [height, width] = [t.shape.at(-2) ?? 1, t.shape.at(-1) ?? 1];
  if (t.shape.length === 0 || sizeOf(t.shape) === 0) return undefined;
  const step = Math.max(1, Math.ceil(Math.max(height, width) / pictureSize));
  const [rows, columns] = [Math.ceil(height / step), Math.ceil(width / step)];
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const block = Math.floor(row / step) * columns + Math.floor(column / step);
      const x = valueAt(t, row * width + column);
      if (Number.isNaN(x) || Math.abs(x) > Math.abs(values[block]!)) values[block] = x;
    }
  }
  return { rows, columns, values };
}

function elementFacts({ tensor, element }: Place, played: PlayedRole | null): ElementFacts | undefined {
  if (element === null || !tensor.values) return undefined;
  const index = indexOf(tensor.values.shape, element);
  const token = played && tokenOfRow(played, index.at(-2) ?? 0);
  return { index, value: valueAt(tensor.values, element), ...(token && { token }) };
}

function tokenOfRow({ role, resolved: { site } }: PlayedRole, row: number): string | undefined {
  const tokens = role === "key" || role === "value" ? site.keyTokens : site.queryTokens;
  return tokens?.labels[row];
}

async function attentionFacts(
  played: PlayedRole,
  place: Place,
  request: PlaceRequest,
  results: Results,
): Promise<AttentionFacts> {
  const { role, resolved } = played;
  const site = resolved.site.id;
  const nothing = {
    site,
    role,
    sizes: sizesOf(resolved),
    scale: Number.NaN,
    causal: "none",
    masked: Boolean(resolved.entries.mask),
  } as const;
  const options = request.options ?? {};
  const problem = problemOf(resolved, options);
  const causal = problem.ok ? (problem.value.causal ?? "none") : "none";
  if (!resolved.entries.weights && !problem.ok) return { ...nothing, problem: problem.problem };
  const { queries, keys, size } = nothing.sizes;
  if (queries * keys * size > hoverBudget) return { ...nothing, causal, scale: 1 / Math.sqrt(size) };
  const computed = await results.compute(resolved, options);
  if (!computed.ok) return { ...nothing, causal, problem: computed.problem };
  const row = rowFacts(computed.value, played, place);
  const { scale, sizes } = computed.value;
  computed.value.dispose();
  return { ...nothing, causal, scale, sizes, ...(row && { row }) };
}

function sizesOf({ entries: { query, key, value } }: ResolvedSite): AttentionFacts["sizes"] {
  const axis = (entry: TensorEntry | undefined, at: number) => Number(entry?.shape?.at(at) ?? 0);
  const heads = query?.shape && query.shape.length > 2 ? axis(query, -3) : 1;
  return { queries: axis(query, -2), keys: axis(key, -2), size: axis(query, -1), valueSize: axis(value, -1), heads };
}

/** The weights of the query that the place belongs to; places in K and V belong to no single query. */
function rowFacts(
  result: AttentionResult,
  { role, resolved: { site } }: PlayedRole,
  { tensor, element }: Place,
): AttentionFacts["row"] {
  if (element === null || !tensor.values || (role !== "query" && role !== "weights" && role !== "output"))
    return undefined;
  const index = indexOf(tensor.values.shape, element);
  const query = index.at(-2) ?? 0;
  const head: Head = { head: index.at(-3) ?? 0, batch: index.at(-4) ?? 0 };
  const row = result.row(head, query);
  const top = strongest(row).map((key) => ({ key, weight: row.weights[key]!, ...token(site.keyTokens?.labels, key) }));
  const pair = result.stages.includes("scores") && top[0] ? result.cell(head, query, top[0].key) : undefined;
  return {
    query,
    statistics: row.statistics,
    top,
    ...token(site.queryTokens?.labels, query),
    ...(pair && { strongest: pair }),
  };
}

function strongest({ weights }: AttentionRow): number[] {
  return [...weights.keys()].sort((a, b) => weights[b]! - weights[a]! || a - b).slice(0, topKeys);
}

function token(labels: readonly string[] | undefined, at: number): { token?: string } {
  const label = labels?.[at];
  return label === undefined ? {} : { token: label };
}
