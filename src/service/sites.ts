import { withSteps } from "../attention/forms/steps.ts";
import { givenWeights } from "../attention/given.ts";
import type { AttentionProblem } from "../attention/problem.ts";
import type { AttentionResult } from "../attention/result.ts";
import type { AttendOptions, Choice, ChosenTensors } from "../protocol/core.ts";
import type {
  AttentionSite,
  ReadingProblem,
  Role,
  TensorDocument,
  TensorEntry,
  TextRange,
} from "../reading/document.ts";
import { toleranceOf } from "../reading/json/checks.ts";
import { ownOptions } from "../reading/siteProblem.ts";
import { done, failed, type Message, type Outcome } from "../tensor/message.ts";
import { sizeOf, type Tensor, tensor, toFloat64 } from "../tensor/tensor.ts";
import { withForbidden } from "./tryOut.ts";

/** An attention problem of a document, its tensors looked up. */
export interface ResolvedSite {
  readonly site: AttentionSite;
  readonly entries: Readonly<Partial<Record<Role, TensorEntry>>>;
  /** The seed of the samples that stand in for values that nobody knows; absent: the values are the document's. */
  readonly sampled?: number;
  /** Of the whole document. */
  readonly problems: readonly ReadingProblem[];
  /** What a reader should know of the samples. */
  readonly notes?: readonly Message[];
}

/** The tensor of this id. */
export function tensorOf(document: TensorDocument, id: string): TensorEntry | undefined {
  return document.tensorOf ? document.tensorOf(id) : document.tensors.find((tensor) => tensor.id === id);
}

/** Those that names or a layout say; the others are shown only to who asks for them. */
export function recognisedSites({ sites }: TensorDocument): readonly AttentionSite[] {
  return sites.filter(({ certainty }) => certainty === "recognised");
}

/** The site of an id; undefined where there is none. */
export function siteOf(document: TensorDocument, id: string): AttentionSite | undefined {
  return document.siteOf ? document.siteOf(id) : document.sites.find((site) => site.id === id);
}

/** The site that was asked for, or one made of the tensors that the user chose. */
export function resolve(document: TensorDocument, choice: Choice): Outcome<ResolvedSite> {
  const site = "site" in choice ? siteOf(document, choice.site) : chosen(document, choice);
  if (!site) return failed("service.noSite");
  const entries: Partial<Record<Role, TensorEntry>> = {};
  for (const [role, id] of Object.entries(site.roles) as [Role, string][]) {
    const entry = tensorOf(document, id);
    if (!entry) return failed("service.noTensor", { name: id });
    entries[role] = entry;
  }
  return done({ site, entries, problems: document.problems });
}

/** Tokens and options stay those of the recognised site that shares most tensors with the choice. */
function chosen(document: TensorDocument, choice: ChosenTensors): AttentionSite | undefined {
  const begins = "weights" in choice ? choice.weights : choice.query;
  const first = document.tensors.find(({ id }) => id === begins);
  if (!first) return undefined;
  const ids = new Set(Object.values(choice));
  const shared = (site: AttentionSite) => Object.values(site.roles).filter((id) => ids.has(id)).length;
  const near = document.sites.filter(shared).sort((a, b) => shared(b) - shared(a))[0];
  return {
    id: `chosen:${JSON.stringify(choice)}`,
    name: near?.name ?? "",
    anchor: first.nameRange ?? first.range,
    roles: { ...choice },
    queryTokens: near?.queryTokens ?? null,
    keyTokens: near?.keyTokens ?? null,
    options: near?.options ?? {},
    ...(near?.form && { form: near.form }),
    ...(near?.notes && { notes: near.notes }),
    certainty: "recognised",
  };
}

/** The problem to compute; fails where a tensor has no values. Site options give way to `options`. */
export function problemOf(
  { site, entries, problems }: ResolvedSite,
  options: AttendOptions,
): Outcome<AttentionProblem> {
  const values: Partial<Record<Role, Tensor>> = {};
  for (const role of ["query", "key", "value", "mask"] as const) {
    const entry = entries[role];
    if (!entry && role !== "mask") return failed("service.noRole", { role });
    if (entry && !entry.values) return noValues(entry, problems);
    if (entry?.values) values[role] = withReplaced(entry.values, entry.id, options);
  }
  const { query, key, value, mask } = values as Record<"query" | "key" | "value", Tensor> & { mask?: Tensor };
  const problem = { query, key, value, ...(mask && { mask }), ...siteOptions(site, options) };
  const ready = withSteps(problem, site.options.steps ?? []);
  return ready.ok ? withForbidden(ready.value, options) : ready;
}

/** The result where weights are given, not computed; null where they are to be computed. */
export function givenIn({ entries: { weights, value }, problems }: ResolvedSite): Outcome<AttentionResult> | null {
  if (!weights || value) return null;
  const { values } = weights;
  return values
    ? givenWeights(values, toleranceOf(weights, values, values.shape.at(-1) ?? 0))
    : noValues(weights, problems);
}

/** What the reader found wrong in the tensor says more than that its values are not known: which row, how long. */
function noValues({ name, range }: TensorEntry, problems: readonly ReadingProblem[]): Outcome<never> {
  const inside = (place: TextRange) => range.start <= place.start && place.end <= range.end;
  const cause = problems.find((problem) => problem.severity === "error" && inside(problem.range));
  return cause ? { ok: false, problem: cause.message } : failed("service.noValues", { name });
}

/** What is asked of the computation: `options` first, then what the site says. */
export function siteOptions(
  { options: own }: AttentionSite,
  options: AttendOptions,
): Omit<AttentionProblem, "query" | "key" | "value" | "mask"> {
  const softcap = options.softcap === undefined ? own.softcap : options.softcap;
  const window = options.window === undefined ? own.window : options.window;
  const { softcap: _, window: __, ...others } = ownOptions(own);
  return {
    ...others,
    causal: options.causal ?? others.causal,
    scale: options.scale ?? own.scale ?? "auto",
    ...(softcap != null && { softcap }),
    ...(window != null && { window }),
  };
}

/** With the one number in place that the user drags. One tensor may play several parts: it changes in all of them. */
function withReplaced(values: Tensor, id: string, { replaced }: AttendOptions): Tensor {
  if (replaced?.tensor !== id || replaced.element >= sizeOf(values.shape)) return values;
  const data = toFloat64(values);
  data[replaced.element] = replaced.value;
  return tensor("float64", values.shape, data);
}
