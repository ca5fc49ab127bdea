// Compares the engine's other forms of attention with PyTorch and NumPy.
//
//     python3 test/oracle/randomForms.py 500 1 > forms.jsonl && node test/oracle/randomForms.mjs forms.jsonl
//
// Numbers are the same to 1e-9; PyTorch's NaN in a fully masked row is 0 here, and must be said.
import { readFileSync } from "node:fs";
import { alibi } from "../../src/attention/forms/alibi.ts";
import { multihead } from "../../src/attention/forms/multihead.ts";
import { fromLengths } from "../../src/attention/forms/packed.ts";
import { queryKeyNorm } from "../../src/attention/forms/queryKeyNorm.ts";
import { bucketedBias, clippedBias } from "../../src/attention/forms/relativeBias.ts";
import { rotary } from "../../src/attention/forms/rotary.ts";
import { slidingWindow } from "../../src/attention/forms/sparse.ts";
import { plan } from "../../src/attention/plan.ts";
import { referenceResult } from "../../src/attention/reference/result.ts";
import { tensor, toFloat64 } from "../../src/tensor/tensor.ts";

const total = { same: 0, wrong: 0 };
for (const line of readFileSync(process.argv[2], "utf8").trim().split("\n")) {
  const found = JSON.parse(line);
  const wrong = await (found.form === "multihead" ? multiheadOf(found) : plainOf(found));
  total[wrong ? "wrong" : "same"]++;
  const { inputs: _, parameters: __, output: ___, weights: ____, apart: _____, average: ______, ...told } = found;
  if (wrong) console.log(`WRONG ${wrong}: ${JSON.stringify(told)}`);
}
console.log(JSON.stringify(total));
process.exitCode = total.wrong > 0 ? 1 : 0;

async function multiheadOf({ heads, options, parameters, inputs, output, apart, average }) {
  const call = all(inputs);
  const made = expectOk(multihead({ ...all(parameters), ...options, num_heads: heads }, call));
  const result = referenceResult(expectOk(plan(made.problem)));
  const weights = weightsOf(result);
  const hasNaN = apart.data.includes("nan");
  const said = made.notes.some(({ code }) => code === "attention.multihead-nan");
  if (hasNaN !== said) return hasNaN ? "PyTorch's NaN is not said" : "NaN is said where PyTorch gives none";
  const tensors = [
    ["apart", made.weights(weights, false), apart],
    // Where one row of one head is fully masked, its NaN goes into these.
    ...(hasNaN ? [] : [["average", made.weights(weights, true), average]]),
    ...(hasNaN ? [] : [["output", made.output(await result.output()), output]]),
  ];
  for (const [name, is, should] of tensors) {
    if (is.shape.join() !== should.shape.join()) return `${name} has shape [${is.shape}], not [${should.shape}]`;
    const wrong = difference(toFloat64(is), should);
    if (wrong) return `${name}${wrong}`;
  }
  return null;
}

async function plainOf(found) {
  let problem = all(found.inputs);
  if (found.norm)
    problem = queryKeyNorm(problem, { ...found.norm, ...all(picked(found.norm, "queryGain", "keyGain")) });
  if (found.rotary) problem = expectOk(rotary(problem, found.rotary));
  const { queries, keys } = expectOk(plan(problem)).sizes;
  problem = { ...problem, ...picked(found, "scale", "softcap", "causal", "sinks", "sparse") };
  if (found.slidingWindow) problem.window = slidingWindow(found.slidingWindow);
  if (found.cuSeqlens)
    problem.segments = expectOk(fromLengths(read(found.cuSeqlens.queries), read(found.cuSeqlens.keys)));
  if (found.alibi) problem.bias = alibi(found.alibi);
  if (found.clipped) problem.bias = clippedBias(read(found.clipped));
  if (found.t5) {
    const { embedding, bidirectional, farthest } = found.t5;
    problem.bias = bucketedBias(read(embedding), queries, keys, bidirectional, farthest);
  }
  if (found.mask) problem.mask = read(found.mask);
  const result = referenceResult(expectOk(plan(problem)));
  const wrong = difference(weightsOf(result), found.weights);
  if (wrong) return `weights${wrong}`;
  const far = difference(await result.output(), found.output);
  return far && `output${far}`;
}

function weightsOf(result) {
  const { batch, heads, queries } = result.sizes;
  const rows = Array.from({ length: batch * heads * queries }, (_, at) => {
    const head = { batch: Math.floor(at / (heads * queries)), head: Math.floor(at / queries) % heads };
    return result.row(head, at % queries).weights;
  });
  return Float64Array.from(rows.flatMap((row) => [...row]));
}

/** null, or where they differ; NaN counts as 0. */
function difference(is, { data }) {
  if (is.length !== data.length) return ` has ${is.length} numbers, not ${data.length}`;
  const at = data.findIndex((x, i) => !(Math.abs(is[i] - (x === "nan" ? 0 : x)) <= 1e-9));
  return at < 0 ? null : `[${at}] is ${is[at]}, not ${data[at]}`;
}

/** Those of these properties that are there. */
function picked(from, ...names) {
  return Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]]));
}

function all(written) {
  return Object.fromEntries(Object.entries(written).map(([name, t]) => [name, read(t)]));
}

function read({ dtype, shape, data }) {
  const numbers = { "-inf": -Infinity, inf: Infinity, nan: Number.NaN };
  const values = data.map((x) => numbers[x] ?? x);
  return tensor(dtype, shape, dtype === "bool" ? Uint8Array.from(values) : Float64Array.from(values));
}

function expectOk(outcome) {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
  return outcome.value;
}
