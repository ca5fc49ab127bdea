import type { DocumentSummary, SiteSummary, TensorSummary } from "../protocol/core.ts";
import type { AttentionSite, Role, TensorDocument, TensorEntry } from "../reading/document.ts";
import type { MirroredDocument } from "./documents.ts";
import { needsSamples } from "./samples.ts";
import { resolve } from "./sites.ts";
import { whyNot } from "./whyNot.ts";

/** What the host keeps of a document: no text, no numbers. */
export function summaryOf({ uri, readVersion, reading }: MirroredDocument): DocumentSummary {
  const tensors = new Map(reading.tensors.map((entry) => [entry.id, tensorSummary(entry)]));
  return {
    uri,
    version: readVersion,
    // What a reader put together for a site is no tensor of the text: sites name it, lists do not.
    tensors: reading.tensors.flatMap((entry) => (entry.derivedFrom ? [] : tensors.get(entry.id)!)),
    sites: reading.sites.map((site) => siteSummary(reading, site, tensors)),
    problems: reading.problems,
    ...(reading.draft && { draft: true }),
  };
}

/** Field by field: readers make values and places only when they are asked for them. */
export function tensorSummary(entry: TensorEntry): TensorSummary {
  const { id, name, path, range, nameRange, shape, axes, dtype, origin, exact } = entry;
  const why = entry.lost === false ? undefined : entry.why;
  return {
    id,
    name,
    path,
    range,
    shape,
    dtype,
    origin,
    exact,
    hasValues: why === undefined && shape !== null,
    ...(nameRange && { nameRange }),
    ...(axes && { axes }),
    ...(why && { why }),
  };
}

function siteSummary(
  document: TensorDocument,
  site: AttentionSite,
  tensors: ReadonlyMap<string, TensorSummary>,
): SiteSummary {
  const { id, name, anchor, certainty } = site;
  const resolved = resolve(document, { site: id });
  const sampled = resolved.ok && needsSamples(document, resolved.value);
  const problem = resolved.ok ? whyNot(resolved.value, sampled) : resolved.problem;
  const { axes } = site;
  const facts = {
    ...(axes && { axes }),
    ...(problem && { problem }),
    ...(sampled && { sampled }),
    ...(site.made && { made: site.made }),
  };
  return { id, name, anchor, certainty, roles: rolesOf(site, tensors), ...facts };
}

function rolesOf(
  site: AttentionSite,
  tensors: ReadonlyMap<string, TensorSummary>,
): Partial<Record<Role, TensorSummary>> {
  const named = (Object.entries(site.roles) as [Role, string][]).map(([role, id]) => [role, tensors.get(id)]);
  return Object.fromEntries(named.filter(([, summary]) => summary));
}
