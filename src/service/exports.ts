import { writesMask } from "../exporting/attentionCode.ts";
import { type Exported, type ExportRequest, type ExportSource, exported } from "../exporting/exportStage.ts";
import { done, failed, type Outcome } from "../tensor/message.ts";
import type { KeptResult } from "./results.ts";
import { problemOf } from "./sites.ts";

/** More numbers than this are refused: 512 MB of them. */
const mostNumbers = 2 ** 26;

/** A stage, a cell or a head of a kept result as a file. */
export async function exportOf(
  { computed, source, request: { options, uri } }: KeptResult,
  { words, ...request }: ExportRequest & Pick<ExportSource, "words">,
  pause: () => Promise<void>,
): Promise<Outcome<Exported>> {
  const { queries, keys, valueSize } = computed.sizes;
  const problem = source.entries.query ? problemOf(source, options) : null;
  const isCode = request.format === "numpy" || request.format === "pytorch";
  if (isCode && !problem?.ok) return failed("service.noCode");
  // A program needs the pairs only where it writes them down as a mask.
  const columns = request.stage === "output" ? valueSize : keys;
  const count = !isCode ? queries * columns : problem?.ok && writesMask(problem.value) ? queries * keys : 0;
  if (count > mostNumbers) return failed("service.tooMuchToExport", { count, limit: mostNumbers });
  const { site, sampled } = source;
  const name = site.name || (uri.split("/").at(-1) ?? "");
  const labels = {
    name: sampled === undefined ? name : `${name} (${words.sampled ?? "sampled"})`,
    queries: fitting(site.queryTokens?.labels, queries),
    keys: fitting(site.keyTokens?.labels, keys),
  };
  return done(
    await exported({ result: computed, labels, words, ...(problem?.ok && { problem: problem.value }) }, request, pause),
  );
}

function fitting(labels: readonly string[] | undefined, length: number): readonly string[] | null {
  return labels?.length === length ? labels : null;
}
