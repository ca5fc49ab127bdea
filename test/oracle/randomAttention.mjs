// Compares what `cli.js attend CASE.json --json` prints with what NumPy made of the same operator.
//
//     npm run build && python3 test/oracle/randomAttention.py 2000 1 > cases.jsonl
//     node test/oracle/randomAttention.mjs cases.jsonl [cli.js]
//
// A number is the same if it is the number of its type next to NumPy's float64 (or near it where `softmax_precision` is
// coarser). Infinities, NaN, shapes and types are equal. A refusal must name what is wrong.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

/** Bits behind the leading one, the least exponent and where infinity begins. */
const formats = {
  float16: [10, -14, 65520],
  bfloat16: [7, -126, 2 ** 128 - 2 ** 119],
  float32: [23, -126, 2 ** 128 - 2 ** 103],
  float64: [40, -1022, Number.MAX_VALUE],
};

const cli = process.argv[3] ?? join(import.meta.dirname, "../../dist/cli.js");
const cases = readFileSync(process.argv[2], "utf8").trim().split("\n");
const folder = mkdtempSync(join(tmpdir(), "random-attention-"));
const total = { same: 0, refused: 0, wrong: 0 };
let next = 0;
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    while (next < cases.length) await check(cases[next++]);
  }),
);
rmSync(folder, { recursive: true });
console.log(JSON.stringify(total));
process.exitCode = total.wrong > 0 ? 1 : 0;

/** What the command line reads is the line as Python wrote it. */
async function check(line) {
  const { name, outputs, refused, names, ...given } = JSON.parse(line.replace(/\bNaN\b|-?\bInfinity\b/g, '"$&"'));
  const file = join(folder, `${name}.json`);
  writeFileSync(file, line);
  const { code, text, said } = await run(file);
  rmSync(file);
  const wrong = refused
    ? refusal(code, said, names)
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

/** Refused by a sentence that names what is wrong, not by a stack. */
function refusal(code, said, names) {
  if (code === 0) return "was taken";
  if (!said.includes(names)) return `does not name ${names}: ${said}`;
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
    const [is, should] = [tensor.data.flat(Infinity).map(number), wanted.data.map(number)];
    if (is.length !== should.length) return `${name} has ${is.length} numbers, not ${should.length}`;
    const largest = should.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0);
    const at = should.findIndex((x, i) => !near(is[i], x, wanted.dtype, coarse * largest));
    if (at >= 0) return `${name}[${at}] is ${is[at]}, not ${should[at]}`;
  }
  return null;
}

function number(x) {
  const words = { "-inf": -Infinity, inf: Infinity, nan: Number.NaN, "-Infinity": -Infinity, Infinity: Infinity };
  return typeof x === "string" ? (words[x] ?? Number.NaN) : Number(x);
}

/** True for the number of that type next to `should`, within what float64 itself loses. */
function near(is, should, dtype, coarse) {
  if (Object.is(is, should) || is === should) return true;
  if (Number.isNaN(should)) return Number.isNaN(is);
  const [bits, least, infinite] = formats[dtype];
  const size = Math.abs(should);
  if (size >= infinite * (1 - 2 ** -12))
    return is === Math.sign(should) * Infinity || Math.abs(is) >= infinite * (1 - 2 ** -7);
  if (!Number.isFinite(is)) return false;
  const half = 2 ** (Math.max(least, Math.floor(Math.log2(size || 2 ** -2000))) - bits - 1);
  return Math.abs(is - should) <= half * (1 + 2 ** -20) + 1e-12 * Math.max(1, size) + coarse;
}
