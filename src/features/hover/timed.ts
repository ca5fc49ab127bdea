/**
 * Runs `work` as an entry of the performance timeline, which profilers and our benchmark listen to; the timeline itself
 * keeps nothing of it.
 */
export async function timed<T>(name: `attentionLoupe.${string}`, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  try {
    return await work();
  } finally {
    performance.measure(name, { start });
    performance.clearMeasures(name);
  }
}
