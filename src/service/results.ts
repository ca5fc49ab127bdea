import { attend, type EngineWorld } from "../attention/engine.ts";
import { formOf } from "../attention/forms/formOf.ts";
import type { AttentionSizes } from "../attention/problem.ts";
import type { AttentionResult } from "../attention/result.ts";
import type { AttendRequest, ResultSummary } from "../protocol/core.ts";
import type { Foreseen, Habit } from "../protocol/foresight.ts";
import { CallError } from "../protocol/rpc.ts";
import type { Part, Role, TensorEntry } from "../reading/document.ts";
import { done, type Outcome } from "../tensor/message.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { MirroredDocument } from "./documents.ts";
import { withSamples } from "./samples.ts";
import { givenIn, problemOf, type ResolvedSite, resolve, siteOptions } from "./sites.ts";
import { tensorSummary } from "./summaries.ts";

/** A computed problem and where it came from. */
export interface KeptResult {
  readonly computed: AttentionResult;
  readonly source: ResolvedSite;
  readonly request: AttendRequest;
}

/** Computed problems by number, until they are released. */
export class Results {
  readonly #kept = new Map<number, KeptResult>();
  readonly #world: EngineWorld | undefined;
  #next = 1;

  constructor(world?: EngineWorld) {
    this.#world = world;
  }

  /** Computes what `request` asks of the document's newest reading and keeps it under a new number. */
  async attend(
    document: MirroredDocument,
    request: AttendRequest,
    signal?: AbortSignal,
  ): Promise<Outcome<ResultSummary>> {
    const resolved = resolve(document.reading, request.choice);
    if (!resolved.ok) return resolved;
    const site = withSamples(document.reading, resolved.value, request.options.sampleSeed ?? 0);
    const computed = await this.compute(site, request.options, signal);
    if (!computed.ok) return computed;
    const result = this.#next++;
    this.#kept.set(result, { computed: computed.value, source: site, request });
    return done(summaryOf(result, computed.value, document, site, request));
  }

  /** What is likely to be asked of a reading that was just made; null where that could take long, or cannot be had. */
  async foresee(document: MirroredDocument, { attend, row }: Habit): Promise<Foreseen | null> {
    if (document.language === "python") return null;
    const outcome = await this.attend(document, attend).catch(() => null);
    if (!outcome?.ok || !row || !hasRow(outcome.value.sizes, row)) return outcome && { outcome };
    return { outcome, row: this.get(outcome.value.result).row(row, row.query) };
  }

  /** Computes without keeping: the caller disposes of the result. */
  async compute(
    site: ResolvedSite,
    options: AttendRequest["options"],
    signal?: AbortSignal,
  ): Promise<Outcome<AttentionResult>> {
    const given = givenIn(site);
    if (given) return given;
    const problem = problemOf(site, options);
    return problem.ok ? attend(problem.value, this.#world, signal) : problem;
  }

  /** @throws CallError `gone` */
  get(result: number): AttentionResult {
    return this.kept(result).computed;
  }

  /** @throws CallError `gone` */
  kept(result: number): KeptResult {
    const kept = this.#kept.get(result);
    if (!kept) throw new CallError("gone", `result ${result} was released`);
    return kept;
  }

  /**
   * The tensor that played `role`.
   * @throws CallError `gone` where none did: given weights have no query.
   */
  input(result: number, role: Role): Tensor {
    const values = this.kept(result).source.entries[role]?.values;
    if (!values) throw new CallError("gone", `result ${result} has no ${role}`);
    return values;
  }

  release(result: number): void {
    this.#kept.get(result)?.computed.dispose();
    this.#kept.delete(result);
  }
}

function summaryOf(
  result: number,
  computed: AttentionResult,
  document: MirroredDocument,
  { site, entries, sampled, notes = [] }: ResolvedSite,
  { choice, options }: AttendRequest,
): ResultSummary {
  const { sizes, scale } = computed;
  const form = formOf(site.options, site.options.steps);
  return {
    result,
    uri: document.uri,
    version: document.readVersion,
    site: "site" in choice ? choice.site : null,
    name: site.name,
    sizes,
    scale,
    ...(form && { form }),
    causal: siteOptions(site, options).causal ?? "none",
    roles: Object.fromEntries(
      (Object.entries(entries) as [Role, TensorEntry][]).map(([role, entry]) => [role, tensorSummary(entry)]),
    ),
    queryTokens: fitting(site.queryTokens?.labels, sizes.queries),
    keyTokens: fitting(site.keyTokens?.labels, sizes.keys),
    ...(site.axes && { axes: site.axes }),
    ...(site.made && { written: Object.keys(site.made) as Part[] }),
    given: entries.weights !== undefined && !entries.value,
    fullyMaskedRows: computed.fullyMaskedRows,
    stages: computed.stages,
    notes: [...notes, ...(site.notes ?? []), ...computed.notes],
    ...(sampled !== undefined && { sampled }),
  };
}

function hasRow({ batch, heads, queries }: AttentionSizes, row: NonNullable<Habit["row"]>): boolean {
  return row.batch < batch && row.head < heads && row.query < queries;
}

/** Words only where there is one for every position. */
function fitting(labels: readonly string[] | undefined, length: number): readonly string[] | null {
  return labels?.length === length ? labels : null;
}
