// Compares the names that hovers give to sizes with what these names stood for in real runs (trace_names.py).
//
//     node test/oracle/names.mjs TRUTH.json FOLDER [--wrong N]
//
// A name is confirmed if a variable of that name, or an attribute of self, was that number on that line; contradicted if
// there was one and it never was; unseen otherwise (the name is that of another function).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openDocuments } from "./reader.mjs";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { wrong: { type: "string", default: "20" } },
});
const [truthFile, folder] = positionals;
const truth = JSON.parse(readFileSync(truthFile, "utf8"));
const read = await openDocuments();
const total = { confirmed: 0, contradicted: 0, unseen: 0, expressions: 0, named: 0, files: 0 };
const wrongs = [];

for (const [file, seen] of Object.entries(truth)) {
  const text = readFileSync(join(folder, file), "utf8");
  const document = read(text);
  total.files++;
  for (const { range } of document.expressions) {
    const line = String(text.slice(0, range.start).split("\n").length);
    if (seen[line]) check(file, line, seen[line], document.at(range.end), text);
  }
}
console.log(total);
for (const line of wrongs.slice(0, Number(flags.wrong))) console.log(line);

function check(file, line, numbers, place, text) {
  const { shape } = place?.tensor ?? {};
  if (!shape?.length || !shape.every((size) => typeof size === "number")) return;
  const names = place.told?.().names ?? [];
  total.expressions++;
  if (names.some(Boolean)) total.named++;
  for (const [axis, name] of names.entries()) {
    if (!name) continue;
    const known = numbers[name.text] ?? numbers[`self.${name.text}`];
    const verdict = known ? (known.includes(shape[axis]) ? "confirmed" : "contradicted") : "unseen";
    total[verdict]++;
    if (verdict !== "contradicted") continue;
    const { start, end } = place.range;
    wrongs.push(`${file}:${line} ${text.slice(start, end)}: ${name.text}=${shape[axis]}, but it was ${known}`);
  }
}
