import { formOf } from "../attention/forms/formOf.ts";
import type { AttentionFacts, ElementFacts, Facts, TensorFacts } from "../explain/facts.ts";
import { attentionDetails } from "../explain/gather/attentionDetails.ts";
import { optionFacts } from "../explain/gather/optionFacts.ts";
import { rankOf } from "../explain/gather/rank.ts";
import { rowAt } from "../explain/gather/rowAt.ts";
import { tourFacts } from "../explain/gather/tour.ts";
import { type OptionPlace, optionAt, tokensAt, type WordPlace, wordAt } from "../explain/gather/wordAt.ts";
import { partOf } from "../explain/optionBlocks.ts";
import type { TourFacts } from "../explain/tour/tourFacts.ts";
import type { AttendOptions, PlaceRequest, TourRequest } from "../protocol/core.ts";
import type { AttentionSite, LayerPlace, Part, Place, Role, TensorDocument, TensorEntry } from "../reading/document.ts";
import { indexOf, valueAt } from "../tensor/tensor.ts";
import type { MirroredDocument } from "./documents.ts";
import { layerFacts } from "./layerFacts.ts";
import { LazyProblems } from "./lazyProblems.ts";
import { type PlayedRole, playedPart } from "./playedRole.ts";
import { lacksValues } from "./samples.ts";
import { type ResolvedSite, recognisedSites, resolve } from "./sites.ts";
import { tensorFacts } from "./tensorFacts.ts";

/** Gathers what hovers say. What took a pass over a whole tensor is kept as long as that reading of the text is. */
export class FactGatherer {
  readonly #tensors = new WeakMap<TensorEntry, TensorFacts>();
  readonly #problems = new LazyProblems();

  /** Everything a hover says about the place at `offset`; null where there is no tensor. */
  async gather(document: MirroredDocument, request: PlaceRequest): Promise<Facts | null> {
    const { reading, readVersion: version } = document;
    // A window is an array of numbers, but no tensor.
    const option = optionAt(recognisedSites(reading), request.offset);
    if (option) return this.#option(document, request, option);
    const layer = reading.layerAt?.(request.offset);
    if (layer && !layer.called) return this.#layer(document, request, layer);
    const place = reading.at(request.offset);
    if (!place) return this.#words(document, request);
    const played = playedPart(reading, place, request.choice);
    const { effect, entry, ...attention } = played
      ? await this.#attention(reading, played, place, request.options ?? {})
      : {};
    const element = elementFacts(place, played?.axes ? null : played);
    const tensor = entry ? this.#sampled(place.tensor, entry) : this.#tensor(place.tensor);
    return {
      version,
      range: place.range,
      offset: request.offset,
      tensor: { ...tensor, ...sizesTold(place) },
      ...(layer && { layer: layerFacts(layer) }),
      ...(element && { element: { ...element, ...(effect && { effect }) } }),
      ...("site" in attention && { attention }),
    };
  }

  #words(document: MirroredDocument, request: PlaceRequest): Promise<Facts | null> | Facts | null {
    const sites = recognisedSites(document.reading);
    const word = wordAt(sites, request.offset);
    return word ? this.#word(document, request, word) : tokensFacts(document, request);
  }

  #layer({ readVersion: version }: MirroredDocument, { offset }: PlaceRequest, layer: LayerPlace): Facts {
    return { version, range: layer.range, offset, tensor: named(layer.name, []), layer: layerFacts(layer) };
  }

  /** An option beside the tensors: what it is in the site that it is an option of. */
  async #option(
    { reading, readVersion: version }: MirroredDocument,
    request: PlaceRequest,
    { written, site, range }: OptionPlace,
  ): Promise<Facts | null> {
    const resolved = resolve(reading, { site: site.id });
    if (!resolved.ok) return null;
    const played = { role: partOf(written), resolved: resolved.value };
    const { effect: _, ...attention } = await this.#attention(reading, played, null, request.options ?? {});
    return {
      version,
      range,
      offset: request.offset,
      tensor: named(written.name, []),
      option: optionFacts(site, written.option),
      attention,
    };
  }

  /** A word of an axis: its query's row, and who attends to its key. */
  async #word(
    { reading, readVersion: version }: MirroredDocument,
    request: PlaceRequest,
    word: WordPlace,
  ): Promise<Facts | null> {
    const resolved = resolve(reading, { site: word.site.id });
    const entries = resolved.ok ? resolved.value.entries : {};
    const entry = (word.query === null ? entries.key : entries.query) ?? entries.weights;
    if (!resolved.ok || !entry) return null;
    const looked = await this.#problems.look(reading, resolved.value, request.options ?? {});
    if (!looked.ok) return null;
    const { result, problem } = looked.value;
    const { site } = resolved.value;
    const ask = { result, problem, site, element: false };
    const { query, key } = word;
    const role = !problem ? "weights" : query === null ? "key" : "query";
    const row = query === null ? {} : attentionDetails({ ...ask, role, index: [0, 0, query, 0] });
    const keyRow = key === null ? {} : attentionDetails({ ...ask, role: "key", index: [0, 0, key, 0] });
    const masked = Boolean(resolved.value.entries.mask);
    const frame = {
      site: site.id,
      role,
      masked,
      sizes: result.sizes,
      scale: result.scale,
      causal: problem?.causal ?? "none",
      ...formOfSite(site),
    } as const;
    return {
      version,
      range: word.range,
      offset: request.offset,
      word: { label: word.label, query, key },
      tensor: this.#tensor(entry),
      attention: { ...frame, ...keyRow, ...row },
    };
  }

  /** What the guided tour shows: of the chosen problem, else of the first that can be computed. */
  async tour({ reading }: MirroredDocument, { choice, options = {} }: TourRequest): Promise<TourFacts | null> {
    for (const each of choice ? [choice] : recognisedSites(reading).map(({ id }) => ({ site: id }))) {
      const resolved = resolve(reading, each);
      const looked = resolved.ok ? await this.#problems.look(reading, resolved.value, options) : resolved;
      if (!resolved.ok || !looked.ok || !looked.value.problem) continue;
      return tourFacts(looked.value.result, looked.value.problem, resolved.value.site);
    }
    return null;
  }

  #tensor(entry: TensorEntry): TensorFacts {
    const known = this.#tensors.get(entry) ?? tensorFacts(entry);
    this.#tensors.set(entry, known);
    return known;
  }

  /** The tensor as the document has it, sizes by their names, with the numbers of a sample. */
  #sampled(own: TensorEntry, sample: TensorEntry): TensorFacts {
    const { statistics, picture } = this.#tensor(sample);
    return {
      ...this.#tensor(own),
      origin: "sampled",
      exact: true,
      ...(statistics && { statistics }),
      ...(picture && { picture }),
    };
  }

  async #attention(
    reading: TensorDocument,
    { role, resolved, axes }: PlayedRole<Part>,
    at: Place | null,
    options: AttendOptions,
  ): Promise<AttentionFacts & Pick<ElementFacts, "effect"> & { entry?: TensorEntry }> {
    const { site, entries } = resolved;
    const frame = { site: site.id, role, masked: Boolean(entries.mask), ...(axes && { axes }), ...formOfSite(site) };
    // Rows and columns are those of the role only where its axes are in the same order.
    const place = axes ? null : at;
    const looked = await this.#problems.look(reading, resolved, options);
    if (!looked.ok)
      return { ...frame, sizes: sizesOf(resolved), scale: Number.NaN, causal: "none", problem: looked.problem };
    const { result, problem, source } = looked.value;
    const index = place && indexOfPlace(place);
    const element = place !== null && place.element !== null;
    const details = attentionDetails({ result, problem, site, role, index, element });
    const { scale } = result;
    const sizes = source.sampled === undefined ? result.sizes : sizesOf(resolved);
    return { ...frame, sizes, scale, causal: problem?.causal ?? "none", ...details, ...samplesOf(source, role, place) };
  }
}

function formOfSite({ options }: AttentionSite): Pick<AttentionFacts, "form"> {
  const form = formOf(options, options.steps);
  return form ? { form } : {};
}

/** What the code says of the sizes at this place. */
function sizesTold(place: Place): Pick<TensorFacts, "sizeNames" | "others"> {
  const told = place.told?.();
  return { ...(told?.names && { sizeNames: told.names }), ...(told?.others.length && { others: told.others }) };
}

/** Where numbers are samples: their seed, and the sample that stands for the tensor at the place. */
function samplesOf({ sampled, entries }: ResolvedSite, role: Part, place: Place | null) {
  const entry = entries[role as Role];
  return sampled === undefined ? {} : { sampled, ...(entry && place && lacksValues(place.tensor) && { entry }) };
}

/** A list of words: which axis of its site it names. */
function tokensFacts({ reading, readVersion: version }: MirroredDocument, { offset }: PlaceRequest): Facts | null {
  const found = tokensAt(recognisedSites(reading), offset);
  const resolved = found && resolve(reading, { site: found.site.id });
  if (!found || !resolved?.ok) return null;
  const { tokens, range, queries, keys } = found;
  const { entries } = resolved.value;
  const frame = { site: found.site.id, role: "query", masked: Boolean(entries.mask), causal: "none" } as const;
  const attention = { ...frame, sizes: sizesOf(resolved.value), scale: Number.NaN };
  return {
    version,
    range,
    offset,
    tensor: named(tokens.name ?? "", [tokens.labels.length]),
    tokens: { queries, keys },
    attention,
  };
}

/** What is no tensor itself but has a name, and a size, in the text. */
function named(name: string, shape: readonly number[]): TensorFacts {
  return { name, path: name, shape, dtype: null, origin: "literal", exact: true };
}

/** Of the element, or of the first element of the row that the place is. */
function indexOfPlace({ tensor, element, range }: Place): number[] | null {
  const flat = element ?? rowAt(tensor, range);
  return flat === null || !tensor.values ? null : indexOf(tensor.values.shape, flat);
}

function elementFacts({ tensor, element }: Place, played: PlayedRole<Part> | null): ElementFacts | undefined {
  if (element === null || !tensor.values) return undefined;
  const index = indexOf(tensor.values.shape, element);
  const token = played && tokenOfRow(played, index.at(-2) ?? 0);
  const columnToken = played && tokenOfColumn(played, index.at(-1) ?? 0);
  const rank = rankOf(tensor.values, element);
  return {
    index,
    value: valueAt(tensor.values, element),
    ...(token != null && { token }),
    ...(columnToken != null && { columnToken }),
    ...(rank && { rank }),
  };
}

function tokenOfRow({ role, resolved: { site } }: PlayedRole<Part>, row: number): string | undefined {
  const tokens = role === "key" || role === "value" ? site.keyTokens : site.queryTokens;
  return tokens?.labels[row];
}

/** Columns are keys where rows are queries and the numbers are about their pairs. */
function tokenOfColumn({ role, resolved: { site } }: PlayedRole<Part>, column: number): string | undefined {
  return pairs.has(role) ? site.keyTokens?.labels[column] : undefined;
}

const pairs: ReadonlySet<Part> = new Set(["mask", "scores", "scaled", "masked", "weights"]);

function sizesOf({ entries: { query, key, value } }: ResolvedSite): AttentionFacts["sizes"] {
  const axis = (entry: TensorEntry | undefined, at: number) => entry?.shape?.at(at) ?? 0;
  const heads = query?.shape && query.shape.length > 2 ? axis(query, -3) : 1;
  return { queries: axis(query, -2), keys: axis(key, -2), size: axis(query, -1), valueSize: axis(value, -1), heads };
}
