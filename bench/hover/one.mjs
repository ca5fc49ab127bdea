// One measurement in a process of its own; prints milliseconds as JSON.
import { readFileSync } from "node:fs";

const [, , which, root] = process.argv;
const start = performance.now();
const { createCore } = await import("../../src/service/core.ts");
const { jsonReader } = await import("../../src/reading/json/reader.ts");
const { explainFacts } = await import("../../src/explain/explainFacts.ts");
const { blocksToMarkdown } = await import("../../src/explain/markdown/blocksToMarkdown.ts");
const { formulaPicture } = await import("../../src/explain/markdown/formulaPicture.ts");
const { matrixPicture } = await import("../../src/explain/markdown/matrixPicture.ts");
const formulas = JSON.parse(readFileSync(`${root}dist/formulas/svg.json`, "utf8"));
const load = performance.now() - start;

const translate = (text, args = {}) => text.replace(/\{(\w+)\}/g, (hole, key) => args[key] ?? hole);
const core = createCore({ readerOf: async () => jsonReader(), nextTurn: async () => {} });
const text = which === "example" ? readFileSync(`${root}examples/attention.json`, "utf8") : large(10_000_000);
const read = await timed(() => core.open({ uri: "x", language: "json", version: 1, text }));
const first = await timed(() => hover(text.indexOf("[", text.indexOf('"Q"')) + 4));
const places = Array.from({ length: 200 }, (_, at) => Math.floor((text.length * (at + 0.5)) / 200));
const later = [];
for (const offset of places) later.push(await timed(() => hover(offset)));
later.sort((a, b) => a - b);
process.stdout.write(JSON.stringify({ load, read, first, later: later[Math.floor(later.length * 0.95)] }));

async function hover(offset) {
  const facts = await core.facts({ uri: "x", offset });
  if (!facts) return "";
  const blocks = explainFacts(facts, { translate, say: ({ code }) => code, verbosity: "full", uri: "x" });
  const options = {
    command: (action) => action,
    formula: (block) => formulaPicture(block, formulas, "dark"),
    matrix: (block) => matrixPicture(block, "dark", "viridis"),
  };
  return blocksToMarkdown(blocks, options);
}

/** Processor time: the machine may be busy with others. */
async function timed(run) {
  const from = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}

/** Q, K and V of 64 columns, as many rows as it takes. */
function large(characters) {
  let seed = 1;
  const number = () => {
    seed = (seed * 48271) % 2147483647;
    return (seed / 2147483647 - 0.5).toFixed(6);
  };
  const rows = Math.floor(characters / 3 / (64 * 10));
  const matrix = () =>
    `[${Array.from({ length: rows }, () => `[${Array.from({ length: 64 }, number).join(",")}]`).join(",\n")}]`;
  return `{"Q":${matrix()},"K":${matrix()},"V":${matrix()}}`;
}
