// Hovers, in processor time, from the place in the text to finished Markdown with typeset formula and heatmap, without the wire between host
// and core: the first one (nothing loaded, nothing read) and later ones, on the example and on a document of 10 MB.
//   --check   fails where a floor is not held: 150 ms for the first, 10 ms at the 95th percentile of later ones
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
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
let broken = 0;
for (const text of ["example", "10MB"]) {
  const runs = Array.from({ length: 5 }, () => measured(text));
  const median = (name) => runs.map((run) => run[name]).sort((a, b) => a - b)[2];
  const [load, read, first, later] = ["load", "read", "first", "later"].map(median);
  console.log(
    `${text.padEnd(8)} load ${ms(load)}  read ${ms(read)}  first hover ${ms(first)}  later, 95th percentile ${ms(later)}`,
  );
  if (load + first > floors.first || later > floors.later) broken++;
}
if (process.argv.includes("--check") && broken > 0) process.exitCode = 1;

function measured(text) {
  const { stdout, status, stderr } = spawnSync(process.execPath, [one, text, root], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

function ms(x) {
  return `${x.toFixed(1).padStart(6)} ms`;
}
