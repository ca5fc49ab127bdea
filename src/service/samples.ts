import type { AttentionSite, Role, TensorDocument, TensorEntry } from "../reading/document.ts";
import { NumpyGenerator } from "../reading/python/random/numpyGenerator.ts";
import { type Message, message } from "../tensor/message.ts";
import { sizeOf, type Tensor, tensor } from "../tensor/tensor.ts";
import { type ResolvedSite, siteOf, tensorOf } from "./sites.ts";

/** More numbers than this are not drawn for one tensor: 64 MB of them. */
const mostNumbers = 2 ** 24;

/** Whether a tensor surely has no values, told without making them. */
export function lacksValues(entry: TensorEntry): boolean {
  return entry.lost ?? entry.values === null;
}

/** Roles without whose values a site cannot be computed. */
export function neededRoles({ query, value, weights }: ResolvedSite["entries"]): readonly Role[] {
  return weights && (!value || !query) ? ["weights"] : ["query", "key", "value"];
}

/** Whether the document leaves a site's numbers open, but says enough to draw samples of them. */
export function needsSamples(document: TensorDocument, { entries }: ResolvedSite): boolean {
  if (!document.sampled) return false;
  return neededRoles(entries).some((role) => entries[role] && lacksValues(entries[role]));
}

/**
 * The same site on samples, where the document says too little to compute it: with what the program makes of samples of
 * its inputs; where even that is not known, a sample of the tensor itself. What the document does say stays.
 */
export function withSamples(document: TensorDocument, resolved: ResolvedSite, seed: number): ResolvedSite {
  if (!needsSamples(document, resolved)) return resolved;
  const reading = document.sampled!(seed);
  const twin = siteOf(reading, resolved.site.id) ?? resolved.site;
  const roles = [...new Set([...Object.keys(resolved.entries), ...Object.keys(twin.roles)])] as Role[];
  const entries: Partial<Record<Role, TensorEntry>> = {};
  const notes: Message[] = [message("service.sampled", { seed })];
  for (const [at, role] of roles.entries()) {
    const own = resolved.entries[role];
    if (own && !lacksValues(own) && own.values) entries[role] = own;
    else {
      const entry = sampleOf(own, twinOf(reading, twin, role), role, seed + at);
      if (entry?.values) entries[role] = entry;
      else if (role === "mask") notes.push(message("service.maskNotKnown"));
      else if (own) entries[role] = own;
    }
  }
  const site: AttentionSite = { ...resolved.site, options: twin.options };
  return { site, entries, problems: resolved.problems, sampled: seed, notes };
}

function twinOf(reading: TensorDocument, site: AttentionSite, role: Role): TensorEntry | undefined {
  const id = site.roles[role];
  return id === undefined ? undefined : tensorOf(reading, id);
}

/** A mask is never made up: a wrong one would tell of another attention. */
function sampleOf(
  own: TensorEntry | undefined,
  twin: TensorEntry | undefined,
  role: Role,
  seed: number,
): TensorEntry | null {
  const known = twin ?? own;
  if (!known) return null;
  const values = known.values ?? (role === "mask" ? null : drawn(known, role, seed));
  const shape = values?.shape ?? known.shape;
  const changes = { values, shape, origin: "sampled", exact: false, why: undefined, lost: values === null } as const;
  return Object.create(own ?? known, Object.getOwnPropertyDescriptors(changes)) as TensorEntry;
}

/** Normal numbers; as weights, the shares that softmax makes of them. */
function drawn({ shape }: TensorEntry, role: Role, seed: number): Tensor | null {
  const dims = shape?.every((size) => typeof size === "number") ? (shape as readonly number[]) : null;
  if (!dims || dims.length < 2 || sizeOf(dims) > mostNumbers) return null;
  const draw = { count: sizeOf(dims), dtype: "float32", keep: true } as const;
  const data = NumpyGenerator.seeded(BigInt(Math.abs(Math.trunc(seed)))).normal(draw) as Float32Array<ArrayBuffer>;
  if (role === "weights") share(data, dims.at(-1)!);
  return tensor("float32", dims, data);
}

function share(data: Float32Array, length: number): void {
  for (let start = 0; start < data.length; start += length) {
    const row = data.subarray(start, start + length);
    const top = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const powers = row.map((x) => Math.exp(x - top));
    const sum = powers.reduce((a, b) => a + b, 0);
    row.set(powers.map((x) => x / sum));
  }
}
