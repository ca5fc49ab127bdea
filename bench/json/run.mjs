// Reading JSON: MB/s and memory, against JSON.parse, jsonc-parser and @lezer/json. Every measurement is a process of its own,
// and readers take turns, so that all of them meet the same machine; the best of all rounds counts, in processor time.
//   --check          fails where a floor is not held      --sizes 1,10,50   megabytes      --rounds 5
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildJsonScanner } from "../../assembly/json/build.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const option = (name, otherwise) =>
  process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : otherwise;
const sizes = option("--sizes", "1,10,50").split(",").map(Number);
const rounds = Number(option("--rounds", "5"));

/** Slow ones are spared the large texts. */
const readers = [
  { name: "scanner", what: "ours, WebAssembly: strict, places", upTo: 1000 },
  { name: "reader", what: "ours, tensors, roles and checks too", upTo: 1000 },
  { name: "reference", what: "ours, readable, where WebAssembly is refused", upTo: 1000 },
  { name: "JSON.parse", what: "no places", upTo: 1000 },
  { name: "jsonc-parser", what: "parseTree: places", upTo: 10 },
  { name: "@lezer/json", what: "tree: places, no values", upTo: 10 },
];

/** Ratios of cold speed that must hold, on texts of 10 MB and more. */
const floors = [
  ["JSON.parse", 1.6],
  ["jsonc-parser", 6],
];

const folder = mkdtempSync(join(tmpdir(), "bench-json-"));
await buildJsonScanner(folder);
let broken = 0;
for (const size of sizes) {
  const taking = readers.filter(({ upTo }) => size <= upTo);
  writeFileSync(join(folder, "text.json"), numbers(size * 1e6));
  const results = measure(taking, size);
  print(size, taking, results);
  if (size >= 10 && process.argv.includes("--check")) broken += check(results);
}
rmSync(folder, { recursive: true });
process.exit(broken ? 1 : 0);

function measure(taking, size) {
  const results = new Map(taking.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name } of taking) results.get(name).push(once(name, size));
  }
  return new Map(
    [...results].map(([name, all]) => [
      name,
      { cold: best(all, "cold"), warm: best(all, "warm"), memory: -best(all, "memory", -1) },
    ]),
  );
}

function once(name, size) {
  const script = join(here, "one.mjs");
  const run = spawnSync(
    process.execPath,
    [
      "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON",
      "--expose-gc",
      script,
      name,
      join(folder, "text.json"),
      join(folder, "json.wasm"),
    ],
    { encoding: "utf8" },
  );
  if (run.status !== 0) throw new Error(`${name} on ${size} MB: ${run.stderr}`);
  return JSON.parse(run.stdout);
}

/** The highest; with -1 the lowest, negated. */
function best(all, field, sign = 1) {
  return Math.max(...all.map((one) => sign * one[field]));
}

/** {"Q": […], "K": […], "V": […]} with rows of 64 normal numbers in full precision, as Python's json.dump writes them. */
function numbers(length) {
  let state = 42;
  const uniform = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const row = () => `[${Array.from({ length: 64 }, normal).join(", ")}]`;
  const rows = Math.max(1, Math.round(length / 3 / (row().length + 2)));
  const matrix = () => `[${Array.from({ length: rows }, row).join(", ")}]`;
  return `{"Q": ${matrix()}, "K": ${matrix()}, "V": ${matrix()}}`;
}

function print(size, taking, results) {
  console.log(`\n${size} MB of nested numbers, best of ${rounds} processes`);
  console.log("reader         first MB/s   later MB/s   peak memory above the text, MB");
  for (const { name, what } of taking) {
    const { cold, warm, memory } = results.get(name);
    console.log(
      `${name.padEnd(14)} ${cold.toFixed(0).padStart(10)} ${warm.toFixed(0).padStart(12)} ${memory.toFixed(0).padStart(10)}   ${what}`,
    );
  }
}

function check(results) {
  let failures = 0;
  for (const [peer, floor] of floors) {
    if (!results.has(peer)) continue;
    const ratio = results.get("scanner").cold / results.get(peer).cold;
    const held = ratio >= floor;
    console.log(`${held ? "holds " : "BROKEN"} ${ratio.toFixed(2)} × ${peer}, floor ${floor}`);
    if (!held) failures++;
  }
  return failures;
}
