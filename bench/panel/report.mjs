// The figures as a page of bench/results, and the floors that they must hold.

export function quantile(all, q) {
  const sorted = [...all].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

const gestures = ["hover", "zoom", "pan"];

export function report({ results, peers, machine, command }) {
  const head = ["n²", "first paint", ...peers, ...gestures.map((name) => `${name}: frames, work`)];
  const rows = [...results].map(([n, { paint, frames, others }]) => [
    String(n),
    duration(paint),
    ...peers.map((name) => against(others.get(name), paint)),
    ...gestures.map((name) => framesOf(frames[name])),
  ]);
  const table = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  return `# Drawing: \`npm run bench -- panel${command ? ` ${command}` : ""}\`

Headless Chromium without a GPU, ${machine}. First paint is from the snapshot's arrival in the page to the first frame with
the map on its canvas. Of frames, the times between them (median / 95th percentile, a 60 Hz screen has 16.7 ms) and the
processor time of the page's main thread a frame. In brackets: how much longer a peer takes for the same matrix; “–” was
not asked, because it took more than 30 s for a smaller one.

${table}

${
  broken(results)
    .map((line) => `Not held: ${line}.`)
    .join("\n") || "Every floor is held."
}
`;
}

function duration(milliseconds) {
  if (!Number.isFinite(milliseconds)) return "> 30 s";
  return milliseconds < 2000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

function against(times, paint) {
  if (!times) return "–";
  const time = quantile(times, 0.5);
  return Number.isFinite(time) ? `${duration(time)} (${(time / paint).toFixed(1)}×)` : "> 30 s";
}

function framesOf({ gaps, work }) {
  return `${quantile(gaps, 0.5).toFixed(1)} / ${quantile(gaps, 0.95).toFixed(1)} ms, ${work.toFixed(1)} ms`;
}

/** Paint of 4096² within 300 ms; at the 95th percentile a frame lasts one turn of a 60 Hz screen. */
export function broken(results) {
  const lines = [];
  const large = results.get(4096);
  if (large && large.paint > 300) lines.push(`first paint of 4096² took ${large.paint.toFixed(0)} ms, floor 300`);
  for (const [name, { gaps }] of Object.entries(results.get(16384)?.frames ?? {})) {
    // Chromium's own timer jitters by some tenths of a millisecond about 16.7.
    if (quantile(gaps, 0.95) > 17.5)
      lines.push(`${name} at 16384²: ${quantile(gaps, 0.95).toFixed(1)} ms at the 95th percentile, floor 16.7`);
  }
  return lines;
}
