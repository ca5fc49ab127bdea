// Compares what `cli.js attend CASE.json --json` prints with what NumPy made of the same operator.
//
//     npm run build && python3 test/oracle/randomAttention.py 2000 1 > cases.jsonl
//     node test/oracle/randomAttention.mjs cases.jsonl [cli.js]
//
// A number is the same if it lies within one unit in the last place of its type (of `softmax_precision`, where that is
// coarser): both sides compute in float64 and round once. Infinities, zeros of masked pairs, shapes and types are equal.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

const cli = process.argv[3] ?? join(import.meta.dirname, "../../dist/cli.js");
const cases = readFileSync(process.argv[2], "utf8").trim().split("\n");
const folder = mkdtempSync(join(tmpdir(), "random-attention-"));
const total = { same: 0, refused: 0, wrong: 0 };
let next = 0;
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    while (next < cases.length) await check(JSON.parse(cases[next++]));
  }),
);
rmSync(folder, { recursive: true });
console.log(JSON.stringify(total));
process.exitCode = total.wrong > 0 ? 1 : 0;

async function check({ name, outputs, refused, ...given }) {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify({ name, ...given }));
  const { code, text, said } = await run(file);
  rmSync(file);
  const wrong = refused
    ? refusal(code, said)
    : outputs
      ? difference(code, text, said, outputs, given.attributes)
      : null;
  total[wrong ? "wrong" : refused ? "refused" : "same"]++;
  if (wrong) console.log(`WRONG ${name} (opset ${given.opset}, ${JSON.stringify(given.attributes)}): ${wrong}`);
}

function run(file) {
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, "attend", file, "--json"], { maxBuffer: 2 ** 26 }, (error, text, said) =>
      resolve({ code: error ? (error.code ?? 1) : 0, text, said }),
    );
  });
}

/** Refused by a sentence, not by a stack. */
function refusal(code, said) {
  if (code === 0) return "was taken";
  return said.trim() === "" || /\n\s+at /.test(said) ? `said: ${said}` : null;
}

function difference(code, text, said, outputs, attributes) {
  if (code !== 0) return `was refused: ${said.trim()}`;
  const got = JSON.parse(text);
  const coarse = { 1: 2 ** -20, 10: 2 ** -8, 16: 2 ** -5 }[attributes.softmax_precision] ?? 0;
  for (const [name, wanted] of Object.entries(outputs)) {
    const tensor = got[name];
    if (!tensor || tensor.dtype !== wanted.dtype || tensor.shape.join() !== wanted.shape.join())
      return `${name} is ${tensor?.dtype} [${tensor?.shape}], not ${wanted.dtype} [${wanted.shape}]`;
    const unit = { float16: 2 ** -10, bfloat16: 2 ** -7, float32: 2 ** -22, float64: 2 ** -40 }[wanted.dtype];
    const [is, should] = [tensor.data.flat(Infinity).map(number), wanted.data.map(number)];
    if (is.length !== should.length) return `${name} has ${is.length} numbers, not ${should.length}`;
    const largest = should.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0);
    const at = should.findIndex((x, i) => !near(is[i], x, unit, coarse * largest));
    if (at >= 0) return `${name}[${at}] is ${is[at]}, not ${should[at]}`;
  }
  return null;
}

function number(x) {
  const words = { "-inf": -Infinity, inf: Infinity, nan: Number.NaN, "-Infinity": -Infinity, Infinity: Infinity };
  return typeof x === "string" ? (words[x] ?? Number.NaN) : Number(x);
}

function near(is, should, unit, coarse) {
  if (Object.is(is, should) || is === should) return true;
  if (!Number.isFinite(should) || !Number.isFinite(is)) return false;
  return should !== 0 || coarse > 0 || Math.abs(is) < 1e-12
    ? Math.abs(is - should) <= unit * Math.abs(should) + 1e-12 + coarse
    : false;
}
