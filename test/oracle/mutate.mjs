// Reads real files, whole and broken at random places: none may make the reader fail, or take longer than its budget.
//
//     node test/oracle/mutate.mjs FOLDER [--times 3] [--seed 1] [--milliseconds 5000] [--list FILES.txt]
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openDocuments } from "./reader.mjs";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: "string", default: "3" },
    seed: { type: "string", default: "1" },
    milliseconds: { type: "string", default: "5000" },
    list: { type: "string", default: "" },
  },
});
const [folder] = positionals;
const read = await openDocuments();
let state = Number(flags.seed);
const below = (limit) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
};

/** What happens to a text while someone types, and worse. */
const mutations = [
  (text) => text.slice(0, below(text.length)),
  (text) => text.slice(below(text.length)),
  (text) => edited(text, (lines) => lines.splice(below(lines.length), 1 + below(3))),
  (text) => edited(text, (lines) => lines.splice(below(lines.length), 0, lines[below(lines.length)])),
  (text) => edited(text, (lines) => lines.sort(() => below(3) - 1)),
  (text) => {
    const at = below(text.length);
    return text.slice(0, at) + text.slice(at + 1 + below(8));
  },
  (text) => {
    const at = below(text.length);
    return (
      text.slice(0, at) + ["(", ")", "[", ":", "\n", '"', "=", ",", "*", " -1", "None", "x"][below(12)] + text.slice(at)
    );
  },
  (text) => text.replaceAll(/\b\d+\b/g, (n) => (below(12) ? n : String([0, -1, 1, 7, 10 ** 9, 2 ** 53][below(6)]))),
  (text) => renamed(text),
];

function edited(text, edit) {
  const lines = text.split("\n");
  edit(lines);
  return lines.join("\n");
}

/** One word in the place of another. */
function renamed(text) {
  const words = text.match(/\b[A-Za-z_]\w*\b/g) ?? ["x"];
  const [from, to] = [words[below(words.length)], words[below(words.length)]];
  return text.replaceAll(new RegExp(`\\b${from}\\b`, "g"), (word) => (below(3) ? word : to));
}

const names = flags.list
  ? readFileSync(flags.list, "utf8").split("\n").filter(Boolean)
  : readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".py"));
const longest = { name: "", milliseconds: 0 };
const failures = new Map();
let count = 0;
for (const name of names) {
  const whole = readFileSync(join(folder, name), "utf8");
  for (let time = 0; time <= Number(flags.times); time++) {
    const text = time === 0 ? whole : mutations[below(mutations.length)](whole);
    const start = process.cpuUsage().user;
    try {
      const document = read(text);
      for (let offset = 0; offset < text.length; offset += 1 + (text.length >> 6)) document.at(offset);
    } catch (error) {
      const at = `${error.message}\n${error.stack.split("\n").slice(1, 4).join("\n")}`;
      if (!failures.has(at)) failures.set(at, { name, text });
    }
    const milliseconds = (process.cpuUsage().user - start) / 1000;
    if (milliseconds > longest.milliseconds) Object.assign(longest, { name, milliseconds, text });
    count++;
  }
}
console.log(`${count} texts, longest ${longest.milliseconds.toFixed(0)} ms of processor time (${longest.name})`);
for (const [at, { name }] of failures) console.log(`FAILED ${name}: ${at}`);
process.exitCode = failures.size > 0 || longest.milliseconds > Number(flags.milliseconds) ? 1 : 0;
