// npm run bench -- python [--check] [--write]
// How soon shapes follow an edit of Python, and hovers answer: on the examples, on files as people write them, and on
// one of 10,000 lines. Wall clock and processor time, of the core as the worker runs it.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createPythonReader } from "../../src/reading/python/reader.ts";
import { createCore } from "../../src/service/core.ts";
import { blockFile, longFile, trainingFile } from "./generated.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const floors = { edit: 50, hover: 10 };
const edits = 60;

const wasm = join(dirname(createRequire(import.meta.url).resolve("@vscode/tree-sitter-wasm/package.json")), "wasm");
const bytes = (name) => new Uint8Array(readFileSync(join(wasm, name)));
const reader = await createPythonReader({
  treeSitter: bytes("tree-sitter.wasm"),
  grammar: bytes("tree-sitter-python.wasm"),
});

const texts = [
  ...readdirSync(join(root, "examples"))
    .filter((name) => name.endsWith(".py"))
    .map((name) => [name, readFileSync(join(root, "examples", name), "utf8")]),
  ["a block of 12 layers, called", blockFile(12)],
  ["a training loop", trainingFile()],
  ["480 lines of classes", longFile(480)],
  ["10,000 lines", longFile(10_000)],
];

const rows = [];
for (const [name, text] of texts) rows.push(await measured(name, text));
const short = rows.filter(({ lines }) => lines <= 500);
const all = (key) => short.flatMap((row) => row[key]);
const summary = { edit: at(all("edit"), 0.95), editCpu: at(all("editCpu"), 0.95), hover: at(all("hover"), 0.95) };
const report = table(rows, summary);
console.log(report);
if (process.argv.includes("--write")) writeFileSync(join(root, "bench/results/python.md"), report);
if (process.argv.includes("--check") && (summary.edit > floors.edit || summary.hover > floors.hover)) process.exit(1);

async function measured(name, text) {
  const core = createCore({ readerOf: async () => reader, nextTurn: async () => {} });
  const first = await timed(() => core.open({ uri: "a", language: "python", version: 1, text }));
  const [edit, editCpu, refine, hover] = [[], [], [], []];
  let version = 1;
  const change = async (offset, length, insert) => {
    const change = { offset, length, text: insert };
    const spent = await timed(() => core.change({ uri: "a", version: ++version, changes: [change] }));
    edit.push(spent.wall);
    editCpu.push(spent.cpu);
  };
  for (let i = 0; i < edits; i++) {
    const end = text.indexOf("\n", Math.floor((text.length * (i + 0.5)) / edits));
    const offset = end < 0 ? text.length : end;
    await change(offset, 0, " ");
    await change(offset, 1, "");
    if (i % 10 === 0) refine.push((await timed(() => core.refine({ uri: "a" }))).cpu);
    if (i === 0) await core.facts({ uri: "a", offset });
  }
  await core.refine({ uri: "a" });
  await core.facts({ uri: "a", offset: 0 });
  for (let i = 0; i < 200; i++) {
    const offset = Math.floor((text.length * (i + 0.5)) / 200);
    hover.push((await timed(() => core.facts({ uri: "a", offset }))).wall);
  }
  return { name, lines: text.split("\n").length, first: first.wall, edit, editCpu, refine, hover };
}

async function timed(work) {
  const [start, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: performance.now() - start, cpu: (user + system) / 1000 };
}

function at(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

function table(measurements, { edit, editCpu, hover }) {
  const ms = (x) => x.toFixed(1);
  const lines = measurements.map(
    (row) =>
      `| ${row.name} | ${row.lines} | ${ms(row.first)} | ${ms(at(row.edit, 0.5))} | ${ms(at(row.edit, 0.95))} | ${ms(at(row.editCpu, 0.95))} | ${ms(at(row.refine, 0.5))} | ${ms(at(row.hover, 0.5))} | ${ms(at(row.hover, 0.95))} |`,
  );
  return `# Python: shapes after an edit, and hovers

Milliseconds; \`npm run bench -- python --write\`. An edit types or deletes a character at the end of a line, at ${edits} places
of the file. "Read on": what is left to do when nobody types, where an edit was read in a hurry (processor time).

| file | lines | first read | edit, median | edit, 95 % | its processor time | read on | hover, median | hover, 95 % |
|---|---|---|---|---|---|---|---|---|
${lines.join("\n")}

Files of at most 500 lines, 95 %: edit ${ms(edit)} (goal ≤ ${floors.edit}), its processor time ${ms(editCpu)}; hover ${ms(hover)} (goal ≤ ${floors.hover}).
`;
}
