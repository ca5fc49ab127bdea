// Each way to compute attention, as { name, ready(h, n, d, causal, threads) → run() }. Inputs are the same random numbers.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { multiHeadModel, plainModel } from "./onnxModel.mjs";

const require = createRequire(import.meta.url);

/** Uniform in −1 … 1, the same for a seed. */
export function numbers(count, seed) {
  let state = seed * 2654435761;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2147483648;
  });
}

/** The engine as it ships: kernels and worker out of `dist`, threads for more than one. */
async function ours({ dist, h, n, d, causal, threads, kind = "relaxed", map = false, shared = true, mask = null }) {
  const { attend } = await import("../../src/attention/engine.ts");
  const { createKernels } = await import("../../src/attention/kernels/kernels.ts");
  const { copyFloats } = await import("../../src/platform/node/copyFloats.ts");
  const { nodeTaskRunner } = await import("../../src/platform/node/taskRunner.ts");
  const { tensor } = await import("../../src/tensor/tensor.ts");
  const load = async (name) =>
    name.includes(kind) ? new Uint8Array(readFileSync(join(dist, "wasm", name))) : Uint8Array.of(0);
  const runner = threads > 1 ? nodeTaskRunner(join(dist, "taskWorker.js"), threads) : undefined;
  const world = { kernels: createKernels(load, shared, copyFloats), map, ...(runner && { runner }) };
  const shape = [h, n, d];
  const [query, key, value] = [1, 2, 3].map((seed) => tensor("float32", shape, numbers(h * n * d, seed)));
  const masks = {
    boolean: () =>
      tensor(
        "bool",
        [n, n],
        Uint8Array.from(numbers(n * n, 5), (x) => Number(x > -0.8)),
      ),
    float: () => tensor("float32", [n, n], numbers(n * n, 5)),
  };
  const masked = mask ? { mask: masks[mask]() } : {};
  const small = tensor("float32", [256, 64], numbers(256 * 64, 4));
  await (await attend({ query: small, key: small, value: small }, world)).value.output();
  return async () => {
    const made = await attend({ query, key, value, ...masked, causal: causal ? "topLeft" : "none" }, world);
    const first = await made.value.lendOutput(([number]) => number);
    made.value.dispose();
    return first;
  };
}

/** Multiply-adds a second of a bare loop in the same module: what the kernel could do at most. */
export async function peakLoop(dist) {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
  const module = new WebAssembly.Module(readFileSync(join(dist, "wasm", "attention.relaxed.wasm")));
  const { peak } = new WebAssembly.Instance(module, { env: { memory, abort() {} } }).exports;
  return (now) => {
    const rounds = 400_000;
    const started = now();
    peak(rounds);
    return (96 * rounds) / (now() - started) / 1e6;
  };
}

/** Three loops, no tiling, one head after the other; only the first rows are timed, the rest is counted. */
async function plainLoop({ h, n, d, causal }) {
  const [q, k, v] = [1, 2, 3].map((seed) => numbers(h * n * d, seed));
  const rows = Math.max(8, Math.min(n, Math.round(2e8 / (n * d))));
  const scores = new Float64Array(n);
  const output = new Float64Array(d);
  const run = () => {
    for (let i = 0; i < rows; i++) {
      const end = causal ? Math.round((n * (i + 0.5)) / rows) : n;
      let most = Number.NEGATIVE_INFINITY;
      for (let j = 0; j < end; j++) {
        let sum = 0;
        for (let c = 0; c < d; c++) sum += q[i * d + c] * k[j * d + c];
        scores[j] = sum / Math.sqrt(d);
        if (scores[j] > most) most = scores[j];
      }
      let total = 0;
      for (let j = 0; j < end; j++) total += scores[j] = Math.exp(scores[j] - most);
      output.fill(0);
      for (let j = 0; j < end; j++) for (let c = 0; c < d; c++) output[c] += (scores[j] / total) * v[j * d + c];
    }
    return output[0];
  };
  return Object.assign(run, { times: (h * n) / rows });
}

async function tfjs({ h, n, d, causal }) {
  const tf = require("@tensorflow/tfjs-core");
  const wasm = require("@tensorflow/tfjs-backend-wasm");
  wasm.setWasmPaths(join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")), "wasm-out/"));
  await tf.setBackend("wasm");
  const [q, k, v] = [1, 2, 3].map((seed) => tf.tensor(numbers(h * n * d, seed), [h, n, d]));
  const mask = causal ? tf.tensor(causalMask(n), [n, n]) : null;
  return async () => {
    const out = tf.tidy(() => {
      let s = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(d));
      if (mask) s = tf.add(s, mask);
      return tf.matMul(tf.softmax(s), v);
    });
    const data = await out.data();
    out.dispose();
    return data[0];
  };
}

/** ONNX Runtime's own fused operator, com.microsoft MultiHeadAttention. */
async function onnxNode({ h, n, d, causal, threads }) {
  const ort = require("onnxruntime-node");
  const options = { intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 3 };
  const session = await ort.InferenceSession.create(multiHeadModel({ heads: h, length: n, size: d, causal }), options);
  const feeds = feedsOf(ort, [1, n, h * d]);
  return async () => (await session.run(feeds)).y.data[0];
}

/** Node by node: the fused operator overflows its 32-bit sizes at 8192. */
async function onnxWeb({ h, n, d, causal, threads }) {
  const ort = await import("onnxruntime-web");
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = "error";
  const options = { executionProviders: ["wasm"], logSeverityLevel: 3 };
  const session = await ort.InferenceSession.create(plainModel({ heads: h, length: n, size: d, causal }), options);
  const feeds = feedsOf(ort, [h, n, d]);
  if (causal) feeds.mask = new ort.Tensor("float32", causalMask(n), [n, n]);
  return async () => (await session.run(feeds)).y.data[0];
}

function feedsOf(ort, shape) {
  const count = shape.reduce((a, b) => a * b);
  return Object.fromEntries(
    ["q", "k", "v"].map((name, at) => [name, new ort.Tensor("float32", numbers(count, at + 1), shape)]),
  );
}

function causalMask(n) {
  return Float32Array.from({ length: n * n }, (_, at) => (at % n > Math.floor(at / n) ? -1e30 : 0));
}

export const runners = {
  ours,
  "ours, with map": (shape) => ours({ ...shape, map: true }),
  "ours, plain simd": (shape) => ours({ ...shape, kind: "simd" }),
  "ours, boolean mask": (shape) => ours({ ...shape, mask: "boolean" }),
  "ours, float mask": (shape) => ours({ ...shape, mask: "float" }),
  "ours, private memories": (shape) => ours({ ...shape, shared: false }),
  "plain loop": plainLoop,
  "tfjs-wasm": tfjs,
  "onnxruntime-web": onnxWeb,
  "onnxruntime-node": onnxNode,
};
