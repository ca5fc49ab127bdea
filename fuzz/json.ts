// npm run fuzz -- [--minutes N] [--seed N]
// Reads random and mutated JSON with both scanners and the reader, and compares everything with JSON.parse: which texts are
// JSON, every value, every number's place. Types into such texts and into real files, and compares what is carried from
// edit to edit with a fresh reading. Prints seed, cases, failures, and the heap at start and end.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { literalEnd } from "../src/reading/json/number.ts";
import { jsonReader } from "../src/reading/json/reader.ts";
import { scan } from "../src/reading/json/scanner.ts";
import { stride, type Tape } from "../src/reading/json/tape.ts";
import { type FastScan, wasmScanner } from "../src/reading/json/wasmScanner.ts";
import { json, literal, mutated } from "../test/unit/reading/json/arbitraries.ts";
import { rebuild } from "../test/unit/reading/json/rebuild.ts";
import { typing, wrongAfterEdits } from "../test/unit/reading/json/typing.ts";

const option = (name: string, otherwise: number): number =>
  process.argv.includes(name) ? Number(process.argv[process.argv.indexOf(name) + 1]) : otherwise;
const minutes = option("--minutes", 1);
const firstSeed = option("--seed", Date.now() % 2 ** 31);

async function scannerInWasm(): Promise<{ readonly fast: FastScan; readonly bytes: Uint8Array }> {
  const folder = mkdtempSync(join(tmpdir(), "fuzz-json-"));
  const build = new URL("../assembly/json/build.mjs", import.meta.url).href;
  await ((await import(build)) as { buildJsonScanner(to: string): Promise<void> }).buildJsonScanner(folder);
  const bytes = new Uint8Array(readFileSync(join(folder, "json.wasm")));
  rmSync(folder, { recursive: true });
  return { fast: wasmScanner(bytes), bytes };
}

/** Real files, and pieces of them put elsewhere, cut out, or doubled. */
function mutatedFiles(): fc.Arbitrary<string> {
  const folders = ["../examples/", "../examples/layouts/", "../test/fixtures/onnx/"].map(
    (folder) => new URL(folder, import.meta.url),
  );
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .map((name) => readFileSync(new URL(name, folder), "utf8")),
  );
  const texts = files.filter((text) => text.length < 20_000);
  return fc
    .tuple(fc.constantFrom(...texts), fc.array(fc.tuple(fc.nat(), fc.nat(12), fc.nat(), fc.nat(12)), { maxLength: 3 }))
    .map(([text, cuts]) =>
      cuts.reduce((all, [at, length, from, piece]) => {
        const place = at % all.length;
        const source = from % all.length;
        return all.slice(0, place) + all.slice(source, source + piece) + all.slice(place + length);
      }, text),
    );
}

function parsed(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

/** Equal as JSON values are: Object.is for numbers, own members in any order. */
function same(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
    return Object.is(one, other);
  const [keys, others] = [Object.keys(one), Object.keys(other)];
  const members = (x: object, key: string): unknown => (x as Record<string, unknown>)[key];
  return (
    Array.isArray(one) === Array.isArray(other) &&
    keys.length === others.length &&
    keys.every((key) => Object.hasOwn(other, key) && same(members(one, key), members(other, key)))
  );
}

/** What is wrong with how a text is read; null if nothing is. */
function wrong(text: string, fast: FastScan, reader: ReturnType<typeof jsonReader>): string | null {
  const truth = parsed(text);
  const tape = scan(text, "json");
  const broken = tape.problems.some((problem) => problem.broken);
  const special = /NaN|Infinity/.test(text);
  if (!special && broken !== (truth === null))
    return broken ? "refuses what JSON.parse reads" : "reads what JSON.parse refuses";
  if (truth && !same(rebuild(tape), truth.value)) return "reads another value than JSON.parse";
  for (const language of ["json", "jsonc", "jsonl"] as const)
    if (!sameTape(fast(text, language), scan(text, language))) return `the scanners differ on ${language}`;
  if (!broken && !placesFit(tape)) return "a number is not where its place says";
  const { tensors } = reader.read(text, { language: "json" });
  return tensors.every(({ values, shape }) => !values || String(values.shape) === String(shape))
    ? null
    : "a shape is not that of its values";
}

function sameTape(one: Tape, other: Tape): boolean {
  if (one.nodeCount !== other.nodeCount || one.leafCount !== other.leafCount) return false;
  for (let at = 0; at < one.nodeCount * stride; at++) if (one.nodes[at] !== other.nodes[at]) return false;
  for (let at = 0; at < one.leafCount; at++)
    if (one.starts[at] !== other.starts[at] || !Object.is(one.values[at], other.values[at])) return false;
  return JSON.stringify(one.problems) === JSON.stringify(other.problems);
}

const words: ReadonlyMap<string, number> = new Map([
  ["true", 1],
  ["false", 0],
]);

function placesFit(tape: Tape): boolean {
  for (let at = 0; at < tape.leafCount; at++) {
    const start = tape.starts[at]!;
    const written = tape.text.slice(start, literalEnd(tape.text, start));
    if (!Object.is(tape.values[at], words.get(written) ?? Number(written))) return false;
  }
  return true;
}

const { fast, bytes } = await scannerInWasm();
const reader = jsonReader(bytes);
const rows = fc.array(fc.array(literal, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 8 });
const matrix = rows.map((all) => `{"Q": [${all.map((row) => `[${row.join(", ")}]`).join(",\n")}]}`);
const files = mutatedFiles();
const texts = fc.oneof(json, mutated, files, matrix, fc.string({ unit: "binary" }));
const typed = typing(fc.oneof(files, matrix, json), literal);

const heap = (): string => `${(process.memoryUsage().heapUsed / 1e6).toFixed(1)} MB`;
globalThis.gc?.();
console.log(`seed ${firstSeed}, ${minutes} min, heap ${heap()}`);
const end = performance.now() + minutes * 60_000;
let [cases, failures, numbers, sessions] = [0, 0, 0, 0];
const report = (seed: number, mistake: string, input: unknown): void => {
  failures++;
  console.log(`seed ${seed}: ${mistake.slice(0, 500)}: ${JSON.stringify(input).slice(0, 500)}`);
};
for (let seed = firstSeed; performance.now() < end && failures < 20; seed++) {
  for (const text of fc.sample(texts, { seed, numRuns: 200 })) {
    cases++;
    numbers += text.length ? scan(text, "json").leafCount : 0;
    const mistake = wrong(text, fast, reader);
    if (mistake) report(seed, mistake, text);
  }
  for (const session of fc.sample(typed, { seed, numRuns: 20 })) {
    sessions++;
    const mistake = wrongAfterEdits(session, reader);
    if (mistake) report(seed, mistake, session);
  }
}
globalThis.gc?.();
console.log(`cases ${cases}, numbers ${numbers}, texts typed into ${sessions}, failures ${failures}, heap ${heap()}`);
process.exit(failures ? 1 : 0);
