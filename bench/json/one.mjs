// One reader on one text, in a process of its own: node --expose-gc one.mjs READER TEXT WASM → {cold, warm, memory}
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

const [name, file, wasm] = process.argv.slice(2);
const text = readFileSync(file, "utf8");
const read = await readerNamed(name);

// Loading a reader leaves work to other threads (its types are stripped, its code is compiled), which would count as reading.
await wait(500);
globalThis.gc();
const before = process.memoryUsage().rss;
let highest = before;
const megabytes = text.length / 1e6;
const cold = timed();
const later = Array.from({ length: 3 }, timed).sort((a, b) => a - b);
process.stdout.write(
  JSON.stringify({
    cold: megabytes / cold,
    warm: megabytes / later[1],
    memory: (highest - before) / 1e6,
  }),
);

/** Seconds of processor time, of all threads: a busy machine changes them less than the clock. */
function timed() {
  const start = process.cpuUsage();
  const kept = read(text);
  const { user, system } = process.cpuUsage(start);
  highest = Math.max(highest, process.memoryUsage().rss);
  if (kept === null || kept === undefined) throw new Error("nothing was read");
  globalThis.gc();
  return (user + system) / 1e6;
}

async function readerNamed(reader) {
  switch (reader) {
    case "scanner": {
      const { wasmScanner } = await import("../../src/reading/json/wasmScanner.ts");
      const scan = wasmScanner(readFileSync(wasm));
      return (json) => scan(json, "json");
    }
    case "reader": {
      const { jsonReader } = await import("../../src/reading/json/reader.ts");
      const all = jsonReader(readFileSync(wasm));
      return (json) => all.read(json, { language: "json" });
    }
    case "reference": {
      const { scan } = await import("../../src/reading/json/scanner.ts");
      return (json) => scan(json, "json");
    }
    case "jsonc-parser": {
      const { parseTree } = await import("jsonc-parser");
      return (json) => parseTree(json);
    }
    case "@lezer/json": {
      const { parser } = await import("@lezer/json");
      return (json) => parser.parse(json);
    }
    default:
      return JSON.parse;
  }
}
