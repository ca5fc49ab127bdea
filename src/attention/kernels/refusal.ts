import type { AttentionResult } from "../result.ts";

/** The kernels cannot go on with a problem: memory is refused, or float32 cannot hold its numbers. The reference can. */
export class KernelRefusal extends Error {}

/** A result that goes over to another one, for good, when the kernels refuse. */
export function withFallback(first: AttentionResult, second: () => AttentionResult): AttentionResult {
  let current = first;
  const change = (error: unknown): AttentionResult => {
    if (!(error instanceof KernelRefusal)) throw error;
    if (current === first) {
      first.dispose();
      current = second();
    }
    return current;
  };
  const later = <T>(ask: (result: AttentionResult) => Promise<T>): Promise<T> =>
    ask(current).catch((error) => ask(change(error)));
  const now = <T>(ask: (result: AttentionResult) => T): T => {
    try {
      return ask(current);
    } catch (error) {
      return ask(change(error));
    }
  };
  return {
    sizes: first.sizes,
    stages: first.stages,
    notes: first.notes,
    scale: first.scale,
    get fullyMaskedRows() {
      return current.fullyMaskedRows;
    },
    tile: (request, signal) => later((result) => result.tile(request, signal)),
    prepare: (head, stage, queries, signal) => later(async (result) => result.prepare?.(head, stage, queries, signal)),
    row: (head, query) => now((result) => result.row(head, query)),
    cell: (head, query, key) => now((result) => result.cell(head, query, key)),
    limits: (head, stage, options) => later((result) => result.limits(head, stage, options)),
    summaries: (signal) => later((result) => result.summaries(signal)),
    output: (signal) => later((result) => result.output(signal)),
    lendOutput: (read, signal) => later((result) => result.lendOutput(read, signal)),
    overview: (head, options) => later((result) => result.overview(head, options)),
    progress: (head) => current.progress?.(head) ?? null,
    dispose: () => current.dispose(),
  };
}
