// Hovers, twice. Alone: processor time from the place in the text to finished Markdown with typeset formula and heatmap,
// without the wire between host and core. In a real extension host: the time inside our provider, and of that the time from
// the question to the core until its answer; beside it what VS Code and its other extensions make of it.
//   --check   fails where a floor is not held: 150 ms for the first, 10 ms at the 95th percentile of later ones
//   --save    keeps the tables in bench/results/hover.md
//   --alone   leaves VS Code out
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

// Bundled and minified, as it ships.
const folder = mkdtempSync(join(tmpdir(), "bench-hover-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
const one = join(folder, "one.mjs");
const entryPoints = [fileURLToPath(new URL("./one.mjs", import.meta.url))];
await build({
  entryPoints,
  outfile: one,
  bundle: true,
  minify: true,
  format: "esm",
  platform: "node",
  splitting: false,
});
const root = fileURLToPath(new URL("../..", import.meta.url));
const floors = { first: 150, later: 10 };
const report = [
  "# Hovers: `npm run bench -- hover`",
  "",
  `${cpus()[0].model.trim()}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}; ${new Date().toISOString().slice(0, 10)}. Floors: ${floors.first} ms for the first, ${floors.later} ms at the 95th percentile of 200 later ones.`,
];
let broken = 0;
alone();
if (!process.argv.includes("--alone")) await inHost();
console.log(report.slice(2).join("\n"));
if (process.argv.includes("--save")) writeFileSync(join(root, "bench/results/hover.md"), `${report.join("\n")}\n`);
if (process.argv.includes("--check") && broken > 0) process.exitCode = 1;

/** Medians of five processes. */
function alone() {
  report.push(
    "",
    "Alone, processor time:",
    "",
    "| file | load | read | first hover | later, 95 % |",
    "| --- | --: | --: | --: | --: |",
  );
  for (const text of ["example", "10MB"]) {
    const runs = Array.from({ length: 5 }, () => measured(text));
    const median = (name) => runs.map((run) => run[name]).sort((a, b) => a - b)[2];
    const [load, read, first, later] = ["load", "read", "first", "later"].map(median);
    report.push(`| ${text} | ${ms(load)} | ${ms(read)} | ${ms(first)} | ${ms(later)} |`);
    if (load + first > floors.first || later > floors.later) broken++;
  }
}

async function inHost() {
  const { measuredInVscode } = await import("../host/inVscode.mjs");
  const files = await measuredInVscode(fileURLToPath(new URL("inHost.ts", import.meta.url)));
  report.push(
    "",
    "In the extension host of a real VS Code, time on the clock (first / median / 95 % of later ones):",
    "",
    "| file | our provider | of that, the core's answer | with all of VS Code |",
    "| --- | --: | --: | --: |",
  );
  const names = { json: "JSON, 1.5 kB", python: "Python, 1 kB", large: "JSON, 10 MB" };
  for (const [name, { hover, facts, whole }] of Object.entries(files)) {
    const cell = ({ first, p50, p95 }) => `${ms(first)} / ${ms(p50)} / ${ms(p95)}`;
    report.push(`| ${names[name]} | ${cell(hover)} | ${cell(facts)} | ${cell(whole)} |`);
    // The first hover of a large file waits for its reading.
    if ((name !== "large" && hover.first > floors.first) || hover.p95 > floors.later) broken++;
  }
}

function measured(text) {
  const { stdout, status, stderr } = spawnSync(process.execPath, [one, text, root], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

function ms(x) {
  return `${x.toFixed(1)} ms`;
}
