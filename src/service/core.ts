import type { Pause } from "../attention/comparison.ts";
import type { EngineWorld } from "../attention/engine.ts";
import type { CoreApi, DocumentSummary, Located, PlaceRequest, RangesRequest } from "../protocol/core.ts";
import type { Language, Reader, TensorDocument, TextRange } from "../reading/document.ts";
import { indexOf } from "../tensor/tensor.ts";
import { copyOf, npyOf } from "./copies.ts";
import { Documents, type MirroredDocument, type ModulesOf } from "./documents.ts";
import { editOf } from "./edits.ts";
import { exportOf } from "./exports.ts";
import { FactGatherer } from "./facts.ts";
import { hintsOf } from "./hints.ts";
import { StatisticsCache, statisticsOf } from "./knownStatistics.ts";
import { type LargeFileParts, LargeFiles } from "./largeFiles.ts";
import { differenceTile, divergence, inputTile, rowLimits, topKeys } from "./looks.ts";
import { paintedAttention, paintedValues } from "./painting.ts";
import { playedRole } from "./playedRole.ts";
import { Results } from "./results.ts";
import { rowAt } from "./rowAt.ts";
import { summaryOf } from "./summaries.ts";
import { wordAt, wordRanges } from "./words.ts";

export interface CoreParts {
  readonly readerOf: (language: Language) => Promise<Reader>;
  /** Absent: everything is computed on the calling thread by the reference. */
  readonly world?: EngineWorld;
  /** Who reads files in ranges; absent: they are read as one text. */
  readonly bytesReaderOf?: LargeFileParts["bytesReaderOf"];
  /** A file of this machine; absent where there are none. */
  readonly bytesOf?: LargeFileParts["bytesOf"];
  /** Other files that code imports: read, never run. Absent where there are none. */
  readonly modulesOf?: ModulesOf;
  /** Resolves after the messages that already wait have been taken in. */
  readonly nextTurn: () => Promise<void>;
}

/** The core: holds texts, tensors and results, and answers for them. One a worker, or one in the CLI's own thread. */
export function createCore({ readerOf, world, nextTurn, bytesOf, bytesReaderOf, modulesOf }: CoreParts): CoreApi {
  const documents = new Documents(readerOf, nextTurn, modulesOf);
  const files = new LargeFiles({
    documents,
    nextTurn,
    bytesReaderOf: bytesReaderOf ?? (async () => null),
    ...(bytesOf && { bytesOf }),
  });
  const results = new Results(world);
  const gatherer = new FactGatherer();
  const known = new StatisticsCache();
  const prepared = new WeakSet<TensorDocument>();
  /** Whoever is shown hints is likely to hover soon: what the first hover needs is made when nothing else is asked for. */
  const prepareSoon = (reading: TensorDocument): void => {
    if (prepared.has(reading) || reading.draft) return;
    prepared.add(reading);
    // Whoever asks for what could not be made is told why.
    nextTurn()
      .then(() => reading.prepare?.())
      .catch(() => undefined);
  };
  const pause = (signal?: AbortSignal): Pause =>
    Object.assign(
      async () => {
        await nextTurn();
        signal?.throwIfAborted();
      },
      { signal },
    );
  const asking = (document: MirroredDocument): DocumentSummary => {
    const wants = documents.wantedBy(document.uri);
    return { ...summaryOf(document), ...(wants.length > 0 && { wants }) };
  };
  return {
    open: async (request) => asking(await documents.open(request)),
    openFile: async (request) => summaryOf(await files.open(request)),
    change: async (request) => {
      const document = await documents.change(request);
      const summary = asking(document);
      const again = request.again && (await results.foresee(document, request.again));
      return { ...summary, ...(again && { again }) };
    },
    refine: async ({ uri }) => asking(await documents.refined(uri)),
    cells: async ({ uris }) => none(documents.cells(uris)),
    files: async ({ files }) => none(documents.hand(files)),
    close: async ({ uri }) => none(documents.close(uri)),
    facts: async (request) => gatherer.gather(await documents.refined(request.uri), request),
    tour: async (request) => gatherer.tour(await documents.refined(request.uri), request),
    locate: async (request) => locate(await documents.refined(request.uri), request),
    ranges: async (request) => ranges(await documents.refined(request.uri), request),
    words: async (request) => wordRanges(await documents.refined(request.uri), request),
    attend: async (request, signal?: AbortSignal) =>
      results.attend(await documents.refined(request.uri), request, signal),
    tile: async ({ result, tile }, signal?: AbortSignal) => results.get(result).tile(tile, signal),
    row: async ({ result, query, ...head }) => results.get(result).row(head, query),
    cell: async ({ result, query, key, ...head }) => results.get(result).cell(head, query, key),
    limits: async ({ result, stage, beyond, ...head }, signal?: AbortSignal) =>
      results.get(result).limits(head, stage, { beyond, signal }),
    summaries: async ({ result }, signal?: AbortSignal) => results.get(result).summaries(signal),
    input: async (asked) =>
      inputTile(results.input(asked.result, asked.role), results.get(asked.result).sizes.heads, asked),
    top: async (asked) => topKeys(results.get(asked.result), asked),
    rowLimits: async (asked, signal?: AbortSignal) => rowLimits(results.get(asked.result), asked, pause(signal)),
    difference: async (asked, signal?: AbortSignal) => {
      const [left, right] = [results.get(asked.result), results.get(asked.other.result)];
      return differenceTile(left, right, asked, pause(signal));
    },
    divergence: async (asked, signal?: AbortSignal) => {
      const [left, right] = [results.get(asked.result), results.get(asked.other.result)];
      return divergence(left, right, asked, pause(signal));
    },
    export: async ({ result, ...request }, signal?: AbortSignal) =>
      exportOf(results.kept(result), request, pause(signal)),
    copy: async ({ uri, tensor, as }) => copyOf(await documents.refined(uri), tensor, as),
    npy: async ({ uri, tensor }) => npyOf(await documents.refined(uri), tensor),
    edit: async (request) => editOf(await documents.refined(request.uri), request),
    hints: async (request) => {
      const document = await documents.get(request.uri);
      prepareSoon(document.reading);
      return hintsOf(document, request);
    },
    paint: async (request) => {
      const document = await documents.refined(request.uri);
      const { attention } = request;
      if (!attention) return paintedValues(document, request, known);
      return paintedAttention(document, request, results.get(attention.result));
    },
    statistics: async ({ uri, tensors, limit }) => statisticsOf(await documents.refined(uri), tensors, limit, known),
    progress: async (of) =>
      "uri" in of ? files.progress(of.uri) : (results.get(of.result).progress?.(of.head) ?? null),
    release: async ({ result }) => none(results.release(result)),
    alive: async () => null,
  };
}

function none(_: void): null {
  return null;
}

function locate(document: MirroredDocument, { offset, choice }: PlaceRequest): Located | null {
  const place = document.reading.at(offset);
  if (!place) return wordAt(document, offset, choice);
  const { tensor, element } = place;
  const played = playedRole(document.reading, tensor, choice);
  const row = element === null ? rowAt(place) : null;
  const at = element ?? row;
  const { plays } = place;
  return {
    version: document.readVersion,
    tensor: tensor.id,
    element,
    index: at === null || !tensor.values ? null : indexOf(tensor.values.shape, at),
    ...(row !== null && { wholeRow: true }),
    site: plays?.site ?? played?.resolved.site.id ?? null,
    role: played?.role ?? null,
    ...(plays && { part: plays.part }),
  };
}

function ranges(document: MirroredDocument, { tensor, elements, of }: RangesRequest): (TextRange | null)[] {
  const places = document.reading.tensors.find(({ id }) => id === tensor)?.places;
  return elements.map((flat) => (places ? (of === "row" ? places.row(flat) : places.range(flat)) : null));
}
