// Compares what the reader says of every expression with the truth that trace.py made.
//
//     node test/oracle/score.mjs TRUTH.json FOLDER [--wrong N] [--unknown N] [--files] [--only TEXT] [--cli]
//
// An expression is right if every shape and dtype that it had is given and no other; unknown if something is not told;
// wrong if something is told that it never had. Shapes with names count as right where one assignment of numbers to the
// names of a function fits. With --cli it runs dist/cli.js on every file, else the reader itself.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { matches, Naming } from "./matching.mjs";
import { openReader } from "./reader.mjs";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    wrong: { type: "string", default: "20" },
    unknown: { type: "string", default: "20" },
    files: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    cli: { type: "boolean", default: false },
  },
});
const [truthFile, folder] = positionals;
const truth = JSON.parse(readFileSync(truthFile, "utf8"));
const read = flags.cli ? throughCli : await openReader(folder);
const total = { right: 0, unknown: 0, wrong: 0, files: 0, milliseconds: [] };
const wrongs = [];
const causes = new Map();

for (const [file, seen] of Object.entries(truth)) {
  if (!seen || !file.includes(flags.only) || !seen.expressions.some((e) => e.arrays.some((a) => !a.scalar))) continue;
  const path = join(folder, file);
  const start = performance.now();
  const said = new Map();
  for (const { range, shapes, dtypes } of readOrBlame(file, path)) {
    const key = [range.start.line, range.start.character, range.end.line, range.end.character].join(":");
    said.set(key, [...(said.get(key) ?? []), ...shapes.map((shape, at) => ({ shape, dtype: dtypes[at] }))]);
  }
  total.milliseconds.push(performance.now() - start);
  const counts = scoreFile(file, seen, said);
  total.files++;
  for (const key of ["right", "unknown", "wrong"]) total[key] += counts[key];
  if (flags.files)
    console.log(
      `${percent(counts.right, counts)} right ${percent(counts.unknown, counts)} unknown ${counts.wrong} wrong of ${sum(counts)}  ${file}${seen.error ? `  (${seen.error.slice(0, 60)})` : ""}`,
    );
}

console.log(
  `${total.files} files, ${sum(total)} expressions: ${percent(total.right, total)} right, ${percent(total.unknown, total)} unknown, ${total.wrong} wrong`,
);
const times = total.milliseconds.sort((a, b) => a - b);
console.log(
  `reading: median ${times[times.length >> 1]?.toFixed(1)} ms, 95 % ${times[Math.floor(times.length * 0.95)]?.toFixed(1)} ms, longest ${times.at(-1)?.toFixed(1)} ms`,
);
for (const line of wrongs.slice(0, Number(flags.wrong))) console.log(line);
const frequent = [...causes].sort((a, b) => b[1].count - a[1].count).slice(0, Number(flags.unknown));
for (const [cause, { count, example }] of frequent)
  console.log(`${String(count).padStart(6)}  ${cause.padEnd(28)} ${example}`);

/** What the reader says; an exception of its own is a wrong. */
function readOrBlame(file, path) {
  try {
    return read(path, file.includes("/") ? join(folder, file.split("/")[0]) : folder);
  } catch (error) {
    total.wrong++;
    wrongs.unshift(`WRONG ${file}: the reader failed: ${error.stack}`);
    return [];
  }
}

function scoreFile(file, seen, said) {
  const counts = { right: 0, unknown: 0, wrong: 0 };
  const naming = new Naming();
  const unknown = [];
  for (const e of seen.expressions) {
    const arrays = e.arrays.filter((a) => !a.scalar);
    const told = said.get(e.place.join(":")) ?? [];
    const verdict = arrays.length === 0 ? notArray(e, told, seen) : judge(e, arrays, told, seen, naming);
    if (!verdict) continue;
    counts[verdict]++;
    if (verdict === "unknown") unknown.push(e);
    if (verdict === "wrong")
      wrongs.push(
        `WRONG ${file}:${e.place[0] + 1}:${e.place[1] + 1} ${short(e.text)}\n      was ${written(e.arrays)}, told ${written(told)}`,
      );
  }
  for (const e of unknown)
    if (
      e.node !== "Name" &&
      !unknown.some((other) => other.node !== "Name" && other !== e && inside(other.place, e.place))
    )
      note(file, e);
  return counts;
}

/** What is told of an expression that never was an array; numbers of NumPy may be told as arrays without axes. */
function notArray(e, told, seen) {
  if (told.length === 0 || e.arrays.length > 0 || seen.error) return null;
  return told.every((t) => t.shape === null) ? null : "wrong";
}

function judge(e, arrays, told, seen, naming) {
  const fits = (t, a) => (t.dtype === null || t.dtype === a.dtype) && matches(t.shape, a.shape, e.place, naming);
  const all = e.arrays;
  const stray = told.filter((t) => !all.some((a) => fits(t, a)));
  if (stray.length > 0 && !seen.error) return "wrong";
  // A run that was stopped has not seen everything: what is told may come later.
  if (stray.length > 0 && stray.length === told.length) return "unknown";
  const complete = arrays.every((a) =>
    told.some((t) => t.shape && t.dtype !== null && !t.shape.includes(null) && fits(t, a)),
  );
  return complete ? "right" : "unknown";
}

function inside(a, b) {
  const before = (l, c, m, d) => l < m || (l === m && c <= d);
  return before(b[0], b[1], a[0], a[1]) && before(a[2], a[3], b[2], b[3]) && a.join() !== b.join();
}

function note(file, e) {
  const call = /^([\w.]*?)(\w+)\(/.exec(e.text ?? "");
  const cause =
    e.node === "Call"
      ? `${call ? (call[1].split(".").length > 2 ? "." : call[1]) + call[2] : "call"}()`
      : e.node === "Attribute"
        ? `.${e.text.split(".").at(-1)}`
        : e.node;
  const entry = causes.get(cause) ?? { count: 0, example: `${file}:${e.place[0] + 1} ${short(e.text)}` };
  entry.count++;
  causes.set(cause, entry);
}

function short(text) {
  return (text ?? "").replace(/\s+/g, " ").slice(0, 90);
}

function written(arrays) {
  return (
    arrays
      .slice(0, 4)
      .map((a) => `[${a.shape?.join(", ") ?? "?"}] ${a.dtype}`)
      .join(" | ") || "no array"
  );
}

function sum(counts) {
  return counts.right + counts.unknown + counts.wrong;
}

function percent(part, counts) {
  return `${((100 * part) / Math.max(sum(counts), 1)).toFixed(1)} %`;
}

function throughCli(path) {
  const cli = join(dirname(new URL(import.meta.url).pathname), "../../dist/cli.js");
  const output = execFileSync(process.execPath, [cli, "inspect", path, "--expressions", "--json"], {
    maxBuffer: 1 << 28,
  });
  return JSON.parse(output).expressions;
}
