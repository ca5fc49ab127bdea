import { type DType, isInteger, type TensorData } from "../../../tensor/dtype.ts";
import type { Draw } from "../random/draw.ts";
import { TorchGenerator } from "../random/torchGenerator.ts";
import type { Size } from "../run/dims.ts";
import type { Machine } from "../run/machine.ts";
import { numeric, sizeOfValue } from "../run/scalars.ts";
import {
  blankTensor,
  concreteDims,
  contiguous,
  dimsOf,
  dtypeOf,
  fixedDType,
  fixedShape,
  type TensorValue,
} from "../run/tensorValue.ts";
import { none, type RandomValue, type Stream, type Value } from "../run/values.ts";
import { broadcastShapes } from "./broadcast.ts";
import { dtypeArgument, shapeArgument } from "./constructors.ts";
import {
  drawnContent,
  drawnTensor,
  fromMemoryOrder,
  memoryOrder,
  overwrite,
  seed,
  seededTensor,
  unmodelled,
  whyUnknown,
} from "./draws.ts";
import { type NumberArray, result } from "./making.ts";
import { type Given, type Operation, operation } from "./operation.ts";

type From = (generator: TorchGenerator, draw: Draw) => TensorData | null;

const making = "generator?, out?, dtype?, layout?, device?, requires_grad?, pin_memory?, names?, memory_format?";

/** PyTorch's random numbers: seeds, new tensors, and filling in place. */
export const torchRandom: readonly Operation[] = [
  operation("torch.manual_seed torch.random.manual_seed", "seed", (g, m) => {
    seedWith(m, m.randoms.torch, g.need("seed"));
    return { kind: "random", flavor: "torch", stream: m.randoms.torch } satisfies RandomValue;
  }),
  operation("random.torch.manual_seed", "self, seed", (g, m) => {
    const self = g.need("self") as RandomValue;
    seedWith(m, self.stream, g.need("seed"));
    return self;
  }),
  operation("torch.seed torch.random.seed", "", (_g, m) => {
    seed(m, m.randoms.torch, null);
    return { kind: "unknown", why: whyUnknown(m.randoms.torch) ?? { code: "python.random.unseeded" }, type: "int" };
  }),
  operation("torch.get_rng_state torch.random.get_rng_state", "", () =>
    blankTensor("torch", [5056], fixedDType("uint8"), { code: "python.notComputed" }),
  ),
  operation("torch.set_rng_state torch.random.set_rng_state torch.random.fork_rng", "*rest, **more", (g, m) => {
    unmodelled(m, m.randoms.torch, g.path);
    return none;
  }),
  operation("torch.cuda.manual_seed torch.cuda.manual_seed_all torch.mps.manual_seed", "seed", () => none),
  operation("torch.Generator", "device?", () => {
    const stream: Stream = { head: TorchGenerator.seeded(67280421310721n), why: null };
    return { kind: "random", flavor: "torch", stream };
  }),
  operation("torch.rand", `*size, ${making}`, (g, m) =>
    fresh(g, m, dimsGiven(g, m), "float32", (r, d) => r.uniform(d)),
  ),
  operation("torch.randn", `*size, ${making}`, (g, m) =>
    fresh(g, m, dimsGiven(g, m), "float32", (r, d) => r.normal(d)),
  ),
  operation("torch.rand_like", `input, ${making}`, (g, m) => like(g, m, (r, d) => r.uniform(d))),
  operation("torch.randn_like", `input, ${making}`, (g, m) => like(g, m, (r, d, whole) => r.normal(d, 0, 1, whole))),
  operation("torch.randint", `*rest, low?, high?, size?, ${making}`, randint),
  operation("torch.randint_like", `input, *rest, low?, high?, ${making}`, (g, m) => {
    const [low, high] = bounds([...g.rest, ...["low", "high"].flatMap((name) => g.get(name) ?? [])]);
    return like(g, m, integerDraw(low, high));
  }),
  operation("torch.randperm", `n, ${making}`, randperm),
  operation("torch.normal", `mean?, std?, size?, ${making}`, normal),
  operation("T.normal_", "self, mean?, std?, *, generator?", (g, m) => {
    const [mean, deviation] = [g.number("mean", 0), g.number("std", 1)];
    const known = mean !== null && deviation !== null;
    return fill(m, g, g.tensor("self"), known ? (r, d, whole) => r.normal(d, mean, deviation, whole) : null);
  }),
  operation("T.uniform_", "self, from?, to?, *, a?, b?, generator?", (g, m) => {
    const [low, high] = [g.number(g.has("a") ? "a" : "from", 0), g.number(g.has("b") ? "b" : "to", 1)];
    return fill(m, g, g.tensor("self"), low !== null && high !== null ? (r, d) => r.uniform(d, low, high) : null);
  }),
  operation("T.random_", "self, *rest, generator?", (g, m) => {
    const [low, high] = bounds(g.rest);
    return fill(m, g, g.tensor("self"), g.rest.length > 0 ? integerDraw(low, high) : null);
  }),
  operation("T.bernoulli_ T.exponential_ T.geometric_ T.cauchy_ T.log_normal_", "self, *rest, **more", (g, m) =>
    fill(m, g, g.tensor("self"), null),
  ),
  operation("torch.poisson", "input, generator?", (g, m) => {
    const input = g.tensor("input");
    return unmodelledTensor(m, g, dimsOf(input), dtypeOf(input));
  }),
  operation("torch.bernoulli T.bernoulli", "input, p?, *, generator?, out?", bernoulli),
  operation("torch.multinomial T.multinomial", "input, num_samples, replacement?, *, generator?, out?", multinomial),
];

/** With a number for `p` the draw differs from machine to machine; with a tensor of them it is one uniform number each. */
function bernoulli(g: Given, m: Machine): Value {
  const input = g.tensor("input");
  const dtype = dtypeOf(input);
  if (g.get("p") || (dtype !== "float32" && dtype !== "float64")) return unmodelledTensor(m, g, dimsOf(input), dtype);
  const drawn = uniformNumbers(g, m, dimsOf(input), dtype);
  return result({
    framework: "torch",
    shape: input.shape,
    dtype: input.dtype,
    inputs: [drawn, input],
    operation: "bernoulli",
    exact: true,
    compute: ([u, p]) => u!.map((x: number, at: number) => Number(x < p![at]!)) as NumberArray,
  });
}

function uniformNumbers(g: Given, m: Machine, dims: readonly Size[] | null, dtype: DType): TensorValue {
  const from: From = (r, d) => r.uniform(d);
  const stream = streamOf(g, m);
  return drawnTensor<TorchGenerator>(m, { framework: "torch", dims, dtype, stream, call: g.path, exact: true, from });
}

/** With replacement: one number each, looked up in the sums of the weights. Without, the draw differs from machine to machine. */
function multinomial(g: Given, m: Machine): Value {
  const input = g.tensor("input");
  const dims = dimsOf(input);
  const [count, width] = [g.size("num_samples"), dims?.at(-1)];
  const shape = dims && [...dims.slice(0, -1), count];
  const modelled = typeof count === "number" && count > 1 && typeof width === "number" && dtypeOf(input) === "float32";
  if (!modelled || !shape || !g.get("replacement") || m.truth(g.get("replacement")!) !== true)
    return unmodelledTensor(m, g, shape, "int64");
  return result({
    framework: "torch",
    shape: fixedShape(shape),
    dtype: fixedDType("int64"),
    inputs: [uniformNumbers(g, m, shape, "float64"), input],
    operation: "multinomial",
    exact: true,
    compute: ([u, weights]) =>
      Float64Array.from(u!, (x, at) => {
        const row = Math.floor(at / count) * width;
        return placeOf(x, weights!.subarray(row, row + width));
      }),
  });
}

/** The first place at which the float32 sums of the weights, normed, are not below `x`. */
function placeOf(x: number, weights: NumberArray): number {
  let sum = 0;
  const sums = Array.from(weights, (w) => (sum = Math.fround(sum + w)));
  const place = sums.findIndex((s, at) => at === sums.length - 1 || Math.fround(s / sum) >= x);
  return Math.max(place, 0);
}

/** The stream that a call draws from: its `generator`, or PyTorch's own. */
function streamOf(g: Given, m: Machine): Stream {
  const given = g.get("generator");
  if (!given) return m.randoms.torch;
  return given.kind === "random" ? given.stream : { head: null, why: null };
}

function seedWith(m: Machine, stream: Stream, value: Value): void {
  const whole = value.kind === "int" ? BigInt(value.value) : null;
  seed(m, stream, whole === null ? null : TorchGenerator.seeded(whole));
}

function dimsGiven(g: Given, m: Machine): readonly Size[] | null {
  const named = g.keywords.get("size");
  return shapeArgument(m, named ? [named] : g.rest);
}

function dtypeGiven(g: Given, otherwise: DType | null): DType | null {
  const wanted = dtypeArgument(g.get("dtype"), "torch");
  return wanted === "open" ? null : (wanted ?? otherwise);
}

/** Types whose numbers are known bit for bit or within the last bit; others are not modelled. */
function modelled(dtype: DType | null): boolean {
  return dtype === "float32" || dtype === "float64" || (dtype !== null && isInteger(dtype));
}

/** float64 normal numbers may be off in the last bit. */
function exactFor(g: Given, dtype: DType | null): boolean {
  return dtype !== "float64" || !/randn|normal/.test(g.path);
}

function fresh(g: Given, m: Machine, dims: readonly Size[] | null, otherwise: DType | null, from: From): TensorValue {
  const dtype = dtypeGiven(g, otherwise);
  const exact = exactFor(g, dtype);
  const made = drawnTensor<TorchGenerator>(m, {
    framework: "torch",
    dims,
    dtype,
    stream: streamOf(g, m),
    call: g.path,
    exact,
    from: modelled(dtype) ? from : undefined,
  });
  if (g.get("requires_grad") && m.truth(g.get("requires_grad")!) === true) made.requiresGrad = true;
  return made;
}

/** `randn_like`: memory is filled in the order of the model's, and a model that is not contiguous is filled one by one. */
function like(g: Given, m: Machine, from: Filler): TensorValue {
  const input = g.tensor("input");
  const dims = concreteDims(input);
  const dtype = dtypeGiven(g, dtypeOf(input));
  const order = dims && input.view && !contiguous(dims, input.view) ? memoryOrder(dims, input.view.strides) : null;
  if (!order || !dims) return fresh(g, m, dimsOf(input), dtype, (r, d) => from(r, d, true));
  const request = {
    framework: "torch",
    dims,
    dtype,
    stream: streamOf(g, m),
    call: g.path,
    exact: exactFor(g, dtype),
  } as const;
  const own = modelled(dtype) ? (r: TorchGenerator, d: Draw) => from(r, d, false) : undefined;
  const content = drawnContent<TorchGenerator>(m, { ...request, from: own }, dims, (data) =>
    fromMemoryOrder(data, dims, order),
  );
  return content
    ? seededTensor(request, dims, content)
    : blankTensor("torch", dims, fixedDType(dtype), whyUnknown(request.stream));
}

/** Fills a tensor in place; `from` null: not modelled. */
function fill(m: Machine, g: Given, t: TensorValue, from: Filler | null): TensorValue {
  const stream = streamOf(g, m);
  fillTensor(m, t, stream, g.path, from);
  return t;
}

/** How a generator makes elements; `whole`: the tensor is contiguous. */
export type Filler = (generator: TorchGenerator, draw: Draw, whole: boolean) => TensorData | null;

/** Fills a tensor in place, in the order of its memory, from a stream; `from` null: not modelled. */
export function fillTensor(m: Machine, t: TensorValue, stream: Stream, call: string, from: Filler | null): void {
  const dims = concreteDims(t);
  const dtype = dtypeOf(t);
  const whole = !dims || !t.view || contiguous(dims, t.view);
  const order = dims && t.view && !whole ? memoryOrder(dims, t.view.strides) : null;
  const own = from && modelled(dtype) && t.view ? (r: TorchGenerator, d: Draw) => from(r, d, whole) : undefined;
  const request = { framework: "torch", dims, dtype, stream, call, exact: true, from: own } as const;
  const content = drawnContent<TorchGenerator>(m, request, dims, (data) =>
    order && dims ? fromMemoryOrder(data, dims, order) : data,
  );
  overwrite(
    m,
    t,
    content,
    whyUnknown(stream) ?? { code: "python.symbolicShape" },
    !call.includes("trunc_normal") && (dtype !== "float64" || !call.includes("normal")),
  );
}

/** `high`, or `low, high`; undefined where they are not known. */
function bounds(values: readonly Value[]): readonly [bigint | undefined, bigint | undefined] {
  const whole = values.map((v) => (v.kind === "int" || v.kind === "bool" ? BigInt(v.value) : undefined));
  return whole.length === 1 ? [0n, whole[0]] : [whole[0], whole[1]];
}

function integerDraw(low: bigint | undefined, high: bigint | undefined): From {
  return (r, d) => (low === undefined || high === undefined || high <= low ? null : r.integers(d, low, high));
}

function randint(g: Given, m: Machine): Value {
  const positional = [...g.rest];
  const last = positional.at(-1);
  const named = g.get("size");
  const size = named ?? (last && last.kind !== "int" && last.kind !== "symbol" ? positional.pop() : undefined);
  const limits = [...(g.has("low") ? [g.need("low")] : []), ...positional, ...(g.has("high") ? [g.need("high")] : [])];
  const [low, high] = bounds(limits);
  const dims = size ? shapeArgument(m, [size]) : null;
  if (low === undefined || high === undefined || high <= low)
    return unmodelledTensor(m, g, dims, dtypeGiven(g, "int64"));
  const made = fresh(g, m, dims, "int64", integerDraw(low, high));
  if (made.kind === "tensor" && made.view) {
    const details = { low: Number(low), high: Number(high), content: made.view.store.content };
    made.by ??= { operation: "randint", inputs: [], details, at: null };
  }
  return made;
}

function randperm(g: Given, m: Machine): Value {
  const size = sizeOfValue(g.need("n"));
  const stream = streamOf(g, m);
  const dtype = dtypeGiven(g, "int64");
  if (typeof size !== "number") return unmodelledTensor(m, g, [size], dtype);
  return drawnTensor<TorchGenerator>(m, {
    framework: "torch",
    dims: [size],
    dtype,
    stream,
    call: g.path,
    exact: true,
    from: (r, draw) => r.permutation(draw),
  });
}

function normal(g: Given, m: Machine): Value {
  const [mean, deviation] = [g.get("mean"), g.get("std")];
  const size = g.get("size");
  const tensors = [mean, deviation].filter((v): v is TensorValue => v?.kind === "tensor");
  if (!size && tensors.length > 0) {
    const dims = tensors.map(dimsOf);
    const known = dims.every((d) => d !== null) ? broadcastShapes(m.symbols, dims as (readonly Size[])[]) : null;
    return unmodelledTensor(m, g, known, dtypeOf(tensors[0]!));
  }
  const [x, y] = [mean ? numeric(mean) : 0, deviation ? numeric(deviation) : 1];
  const dims = size ? shapeArgument(m, [size]) : null;
  if (x === null || y === null) return unmodelledTensor(m, g, dims, dtypeGiven(g, "float32"));
  return fresh(g, m, dims, "float32", (r, d) => r.normal(d, x, y));
}

function unmodelledTensor(m: Machine, g: Given, dims: readonly Size[] | null, dtype: DType | null): TensorValue {
  return drawnTensor<TorchGenerator>(m, {
    framework: "torch",
    dims,
    dtype,
    stream: streamOf(g, m),
    call: g.path,
    exact: false,
  });
}
