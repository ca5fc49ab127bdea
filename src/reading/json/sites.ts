import { message } from "../../tensor/message.ts";
import type {
  AttentionSite,
  ReadingProblem,
  Role,
  SiteAxis,
  SiteOptions,
  TensorEntry,
  TextRange,
} from "../document.ts";
import { fourAxes, type SiteAxes } from "./axes.ts";
import { booleanMask } from "./mask.ts";
import { type OptionSizes, optionsNear } from "./options.ts";
import type { Source } from "./source.ts";
import type { JsonTensor } from "./tensors.ts";
import { axisFromEnd, findTokens, type SiteTokens } from "./tokens.ts";
import { fieldOf } from "./tree.ts";

export type RoleEntries = Readonly<Partial<Record<Role, TensorEntry>>>;

/** A site with what its checks need. */
export interface FoundSite {
  readonly site: AttentionSite;
  readonly entries: RoleEntries;
  readonly tokens: SiteTokens;
  readonly problems: readonly ReadingProblem[];
}

/** What a layout found in a document. */
export interface Findings {
  /** Tensors that are no piece of the text by themselves: views, stacks. */
  readonly tensors: readonly JsonTensor[];
  readonly sites: readonly FoundSite[];
  /** Tensors whose roles are settled: their names are not asked. */
  readonly settled: ReadonlySet<string>;
  /** What is wrong where no site could be made. */
  readonly problems?: readonly ReadingProblem[];
}

export const nothing: Findings = { tensors: [], sites: [], settled: new Set() };

/** What is known of a site before its neighbourhood is looked at. */
export interface SiteSketch {
  readonly id: string;
  readonly name: string;
  /** The object or array that holds its tensors: words and options are looked for from here outwards. */
  readonly holder: number;
  readonly roles: Readonly<Partial<Record<Role, JsonTensor>>>;
  readonly options?: SiteOptions;
  readonly axes?: SiteAxes;
  readonly tokens?: SiteTokens;
  /** One sequence is pooled: its query is made up. */
  readonly pools?: true;
  /** `recognised` when left out. */
  readonly certainty?: AttentionSite["certainty"];
}

/** A site with its words, options and axes; tensors of more than four axes, and masks of 0 and 1, are seen as the engine needs them. */
export function makeSite(
  source: Source,
  sketch: SiteSketch,
): { readonly found: FoundSite; readonly tensors: JsonTensor[] } {
  const derived: JsonTensor[] = [];
  const problems: ReadingProblem[] = [];
  const entries: Partial<Record<Role, TensorEntry>> = {};
  for (const [role, tensor] of Object.entries(sketch.roles) as [Role, JsonTensor][]) {
    const seen = role === "mask" ? booleanMask(fourAxes(tensor)) : fourAxes(tensor);
    if (seen !== tensor) derived.push(seen);
    if (role === "mask" && seen.entry.dtype === "bool" && tensor.entry.dtype !== "bool")
      problems.push(maskNote(tensor));
    entries[role] = seen.entry;
  }
  const tokens =
    sketch.tokens ?? findTokens(source, sketch.holder, lengthOf(entries, "query", 2), lengthOf(entries, "key", 1));
  const near = sketch.options
    ? { options: sketch.options }
    : optionsNear(source, sketch.holder, sizesOf(entries, sketch.pools));
  if ("problems" in near) problems.push(...near.problems);
  return { found: { site: siteFrom(sketch, entries, tokens, near), entries, tokens, problems }, tensors: derived };
}

/** null: there are no queries whose scores could be made in another way. */
function sizesOf({ query, key }: RoleEntries, pools?: true): OptionSizes | null {
  if (!query) return null;
  const [heads, queries, keys] = [axisFromEnd(query, 3), axisFromEnd(query, 2), axisFromEnd(key, 2)];
  return { heads: heads ?? 1, queries: queries ?? 1, keys: keys ?? 1, ...(pools && { pools }) };
}

function maskNote({ entry }: JsonTensor): ReadingProblem {
  const range = entry.nameRange ?? entry.range;
  return { severity: "information", range, message: message("json.maskOfIntegers", { tensor: entry.name }) };
}

/** Queries or keys, of the tensor itself or of the weights. */
function lengthOf(entries: RoleEntries, role: "query" | "key", inWeights: number): number | null {
  return entries[role] ? axisFromEnd(entries[role], 2) : axisFromEnd(entries.weights ?? entries.scores, inWeights);
}

function siteFrom(
  sketch: SiteSketch,
  entries: RoleEntries,
  tokens: SiteTokens,
  { options, form, notes, written }: Pick<AttentionSite, "options" | "form" | "notes" | "written">,
): AttentionSite {
  const ids = Object.entries(entries).map(([role, { id }]) => [role, id]);
  return {
    id: sketch.id,
    name: sketch.name,
    anchor: anchorOf(Object.values(entries)),
    roles: Object.fromEntries(ids) as AttentionSite["roles"],
    queryTokens: tokens.queryTokens,
    keyTokens: tokens.keyTokens,
    options,
    ...(form && { form }),
    ...(notes?.length && { notes }),
    ...(written && { written }),
    ...(sketch.axes && Object.keys(sketch.axes).length ? { axes: sketch.axes } : {}),
    certainty: sketch.certainty ?? "recognised",
  };
}

/** `$.layers[0]` without its start; empty for the document itself. */
export function siteName(path: string): string {
  return path.replace(/^\$\.?/, "");
}

/** The first name, or the first tensor, in the text. */
function anchorOf(entries: readonly TensorEntry[]): TextRange {
  const ranges = entries.map(({ nameRange, range }) => nameRange ?? range);
  return ranges.reduce((first, range) => (range.start < first.start ? range : first));
}

/** Tensors by the object or array that holds them. */
export function byHolder(source: Source, tensors: readonly JsonTensor[]): Map<number, JsonTensor[]> {
  const groups = new Map<number, JsonTensor[]>();
  for (const tensor of tensors) {
    const holder = fieldOf(source.tape, tensor.node, "parent");
    const group = groups.get(holder);
    if (group) group.push(tensor);
    else groups.set(holder, [tensor]);
  }
  return groups;
}

export function axis(meaning: SiteAxis["meaning"], labels: readonly string[] | null = null): SiteAxis {
  return { meaning, labels };
}
