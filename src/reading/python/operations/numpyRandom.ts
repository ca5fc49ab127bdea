import { type DType, isInteger, type TensorData } from "../../../tensor/dtype.ts";
import type { Draw } from "../random/draw.ts";
import { NumpyGenerator } from "../random/numpyGenerator.ts";
import { NumpyLegacy } from "../random/numpyLegacy.ts";
import type { Size } from "../run/dims.ts";
import type { Machine } from "../run/machine.ts";
import { numeric, sizeOfValue } from "../run/scalars.ts";
import { dimsOf, dtypeOf, type TensorValue } from "../run/tensorValue.ts";
import { float, int, type ListValue, none, type Stream, unknown, type Value } from "../run/values.ts";
import { broadcastShapes } from "./broadcast.ts";
import { dtypeArgument, shapeArgument } from "./constructors.ts";
import { draw, drawnTensor, seed, unmodelled, whyUnknown } from "./draws.ts";
import { type Given, integers, type Operation, operation } from "./operation.ts";
import { type Chooser, choice } from "./randomChoice.ts";
import { reordered, shuffledInPlace } from "./randomOrder.ts";

/** What both of NumPy's generators can do. */
type Either = NumpyLegacy | NumpyGenerator;
type From = (generator: Either, draw: Draw) => TensorData | null;
type Run = (g: Given, m: Machine, stream: Stream) => Value;

/** A function below `np.random`, which is also a method of RandomState. */
function legacy(names: string, signature: string, run: Run): Operation[] {
  const all = (prefix: string) =>
    names
      .split(" ")
      .map((name) => `${prefix}.${name}`)
      .join(" ");
  return [
    operation(all("np.random"), signature, (g, m) => run(g, m, m.randoms.numpy)),
    ofObject(all("random.legacy"), signature, run),
  ];
}

function modern(names: string, signature: string, run: Run): Operation[] {
  return [
    ofObject(
      names
        .split(" ")
        .map((name) => `random.generator.${name}`)
        .join(" "),
      signature,
      run,
    ),
  ];
}

function ofObject(names: string, signature: string, run: Run): Operation {
  return operation(names, `self, ${signature}`, (g, m) => {
    const self = g.need("self");
    return run(g, m, self.kind === "random" ? self.stream : { head: null, why: null });
  });
}

/** NumPy's random numbers, seeded by `np.random.seed`, RandomState or default_rng. */
export const numpyRandom: readonly Operation[] = [
  ...legacy("seed", "seed?", (g, m, stream) => {
    seed(m, stream, legacyOf(m, g.get("seed")));
    return none;
  }),
  ...legacy("set_state", "state", (g, m, stream) => {
    unmodelled(m, stream, g.path);
    return none;
  }),
  operation("np.random.RandomState", "seed?", (g, m) => ({
    kind: "random",
    flavor: "legacy",
    stream: streamOf(m, legacyOf(m, g.get("seed")), (seed) => NumpyLegacy.seeded(Number(seed))),
  })),
  operation("np.random.default_rng", "seed?", (g, m) => modernFrom(m, g.get("seed"))),
  operation("np.random.PCG64", "seed?", (g, m) => modernFrom(m, g.get("seed"))),
  operation("np.random.Generator", "bit_generator", (g, m) => {
    const given = g.need("bit_generator");
    return given.kind === "random" ? given : { kind: "random", flavor: "generator", stream: modernStream(m, null) };
  }),

  ...legacy("rand", "*rest", (g, m, stream) => uniform(g, m, stream, g.rest)),
  ...legacy("random random_sample ranf sample", "size?", (g, m, stream) => uniform(g, m, stream, sizeGiven(g))),
  ...modern("random", "size?, dtype?, out?", (g, m, stream) => uniform(g, m, stream, sizeGiven(g))),
  ...legacy("uniform", "low?, high?, size?", uniformBetween),
  ...modern("uniform", "low?, high?, size?", uniformBetween),
  ...legacy("randn", "*rest", (g, m, stream) => standardNormal(g, m, stream, g.rest)),
  ...legacy("standard_normal", "size?", (g, m, stream) => standardNormal(g, m, stream, sizeGiven(g))),
  ...modern("standard_normal", "size?, dtype?, out?", (g, m, stream) => standardNormal(g, m, stream, sizeGiven(g))),
  ...legacy("normal", "loc?, scale?, size?", normal),
  ...modern("normal", "loc?, scale?, size?", normal),
  ...legacy("exponential", "scale?, size?", (g, m, stream) =>
    spread(
      g,
      m,
      stream,
      ["scale"],
      [1],
      false,
      ([scale]) =>
        (r, d) =>
          r instanceof NumpyLegacy ? r.exponential(d, scale) : null,
    ),
  ),
  ...legacy("randint", "low, high?, size?, dtype?", (g, m, stream) => wholeNumbers(g, m, stream, false)),
  ...modern("integers", "low, high?, size?, dtype?, endpoint?", (g, m, stream) =>
    wholeNumbers(g, m, stream, g.flag("endpoint", false)),
  ),
  ...legacy("permutation", "x", permutation),
  ...modern("permutation", "x, axis?", permutation),
  ...legacy("shuffle", "x", shuffle),
  ...modern("shuffle", "x, axis?", shuffle),
  ...legacy("choice", "a, size?, replace?, p?", (g, m, stream) => choice(g, m, stream, legacyChooser)),
  ...modern("choice", "a, size?, replace?, p?, axis?, shuffle?", (g, m, stream) =>
    choice(g, m, stream, modernChooser(g.flag("shuffle", true))),
  ),
  ...legacy("gamma beta binomial poisson laplace lognormal geometric gumbel chisquare", "*rest, size?, **more", other),
  ...modern(
    "exponential gamma beta binomial poisson laplace lognormal geometric gumbel chisquare",
    "*rest, size?, **more",
    other,
  ),
];

/** A stream of its own; `seeded`: what it is in a run on samples where nobody knows its seed. */
function streamOf(m: Machine, head: object | null, seeded: (seed: bigint) => object): Stream {
  const { sampling } = m;
  if (!sampling) return { head, why: null };
  const sample = () => seeded(sampling.nextSeed());
  return { head: head ?? sample(), why: null, sample };
}

function modernStream(m: Machine, head: object | null): Stream {
  return streamOf(m, head, (seed) => NumpyGenerator.seeded(seed));
}

/** The generator that `np.random.seed(value)` makes; null where the seed is not known. */
function legacyOf(m: Machine, value: Value | undefined): NumpyLegacy | null {
  if (!value) return null;
  if (value.kind === "int" && typeof value.value === "number" && value.value >= 0 && value.value <= 0xffffffff)
    return NumpyLegacy.seeded(value.value);
  if (value.kind !== "list" && value.kind !== "tuple") return null;
  const words = integers(m, value);
  return words.length > 0 && words.every((w) => w >= 0 && w <= 0xffffffff) ? NumpyLegacy.seeded(words) : null;
}

function modernFrom(m: Machine, value: Value | undefined): Value {
  if (value?.kind === "random") return value;
  return { kind: "random", flavor: "generator", stream: modernStream(m, modernOf(m, value)) };
}

function modernOf(m: Machine, value: Value | undefined): NumpyGenerator | null {
  if (value?.kind === "int" && value.value >= 0) return NumpyGenerator.seeded(BigInt(value.value));
  if (value?.kind !== "list" && value?.kind !== "tuple") return null;
  const words = integers(m, value);
  return words.length > 0 && words.every((w) => w >= 0) ? NumpyGenerator.seeded(words.map(BigInt)) : null;
}

function sizeGiven(g: Given): readonly Value[] {
  const size = g.get("size");
  return size ? [size] : [];
}

/** A scalar where no size is given, else an array. */
function made(
  g: Given,
  m: Machine,
  stream: Stream,
  size: readonly Value[],
  dtype: DType | null,
  exact: boolean,
  from: From | undefined,
): Value {
  if (size.length > 0) return array(g, m, stream, shapeArgument(m, size), dtype, exact, from);
  const whole = dtype !== null && isInteger(dtype);
  const data =
    from &&
    draw<Either, TensorData | null>(m, stream, 1, (r) => from(r, { count: 1, dtype: dtype ?? "float64", keep: true }));
  if (!from) unmodelled(m, stream, g.path);
  if (!data)
    return {
      kind: "unknown",
      why: whyUnknown(stream) ?? { code: "python.notComputed" },
      type: whole ? "int" : "float",
    };
  return whole ? int(BigInt(data[0]!)) : float(Number(data[0]));
}

function array(
  g: Given,
  m: Machine,
  stream: Stream,
  dims: readonly Size[] | null,
  dtype: DType | null,
  exact: boolean,
  from: From | undefined,
): TensorValue {
  return drawnTensor<Either>(m, { framework: "numpy", dims, dtype, stream, call: g.path, exact, from });
}

function floatDType(g: Given): DType | null {
  const wanted = dtypeArgument(g.get("dtype"), "numpy");
  return wanted === "open" ? null : (wanted ?? "float64");
}

function uniform(g: Given, m: Machine, stream: Stream, size: readonly Value[]): Value {
  return made(g, m, stream, size, floatDType(g), true, (r, d) => r.uniform(d));
}

function standardNormal(g: Given, m: Machine, stream: Stream, size: readonly Value[]): Value {
  return made(g, m, stream, size, floatDType(g), isModern(stream), (r, d) => r.normal(d));
}

/** Normal numbers of the legacy functions may be off in the last bit. */
function isModern(stream: Stream): boolean {
  return stream.head instanceof NumpyGenerator;
}

function uniformBetween(g: Given, m: Machine, stream: Stream): Value {
  return spread(
    g,
    m,
    stream,
    ["low", "high"],
    [0, 1],
    true,
    ([low, high]) =>
      (r, d) =>
        r.uniform(d, low, high),
  );
}

function normal(g: Given, m: Machine, stream: Stream): Value {
  return spread(
    g,
    m,
    stream,
    ["loc", "scale"],
    [0, 1],
    isModern(stream),
    ([mean, deviation]) =>
      (r, d) =>
        r.normal(d, mean, deviation),
  );
}

/** A distribution whose parameters are numbers, or arrays that are broadcast: then one number is drawn for each element. */
function spread(
  g: Given,
  m: Machine,
  stream: Stream,
  names: readonly string[],
  defaults: readonly number[],
  exact: boolean,
  from: (parameters: readonly number[]) => From,
): Value {
  const values = names.map((name) => g.get(name));
  const arrays = values.filter((v): v is TensorValue => v?.kind === "tensor" && !v.scalar);
  const numbers = values.map((v, at) => (v ? numeric(v) : defaults[at]!));
  const size = sizeGiven(g);
  if (numbers.every((n) => n !== null)) return made(g, m, stream, size, "float64", exact, from(numbers as number[]));
  const lost = (r: Either, d: Draw): null => {
    from(defaults)(r, { ...d, keep: false });
    return null;
  };
  if (size.length > 0) return array(g, m, stream, shapeArgument(m, size), "float64", false, lost);
  if (values.some((v) => v?.kind === "list" || (v?.kind === "unknown" && !v.type)))
    return unknown("python.unsupported", { what: unmodelled(m, stream, g.path).code });
  if (arrays.length === 0) return made(g, m, stream, size, "float64", false, lost);
  const dims = arrays.map(dimsOf);
  return array(
    g,
    m,
    stream,
    dims.every((d) => d !== null) ? broadcastShapes(m.symbols, dims as (readonly Size[])[]) : null,
    "float64",
    false,
    lost,
  );
}

function wholeNumbers(g: Given, m: Machine, stream: Stream, endpoint: boolean): Value {
  const [first, second] = [g.need("low"), g.get("high")];
  const wanted = dtypeArgument(g.get("dtype"), "numpy");
  const dtype = wanted === "open" ? null : (wanted ?? "int64");
  const [low, high] = second ? [first, second] : [int(0), first];
  const known = low.kind === "int" && high.kind === "int" && dtype !== null;
  if (!known) return made(g, m, stream, sizeGiven(g), dtype, true, undefined);
  const [from, to] = [BigInt(low.value), BigInt(high.value) - (endpoint ? 0n : 1n)];
  return made(g, m, stream, sizeGiven(g), dtype, true, to < from ? undefined : (r, d) => r.integers(d, from, to));
}

function permutation(g: Given, m: Machine, stream: Stream): Value {
  const x = g.need("x");
  const size = sizeOfValue(x);
  if (x.kind === "int" || x.kind === "symbol") {
    const from = typeof size === "number" ? (r: Either) => Float64Array.from(r.order(size)) : undefined;
    return array(g, m, stream, [size], "int64", true, from);
  }
  if (g.get("axis") && g.int("axis") !== 0) {
    unmodelled(m, stream, g.path);
    return x.kind === "tensor"
      ? array(g, m, modernStream(m, null), dimsOf(x), dtypeOf(x), false, undefined)
      : unknown("python.unsupported", { what: g.path });
  }
  return reordered(
    m,
    x,
    (count) => draw<Either, number[]>(m, stream, count, (r) => r.order(count)),
    () => unmodelled(m, stream, g.path),
  );
}

function shuffle(g: Given, m: Machine, stream: Stream): Value {
  const x = g.need("x");
  const axis = g.get("axis") ? g.int("axis") : 0;
  const order =
    axis === 0 ? (count: number) => draw<Either, number[]>(m, stream, count, (r) => r.order(count)) : () => null;
  if (axis !== 0) unmodelled(m, stream, g.path);
  shuffledInPlace(m, x as ListValue | TensorValue, order, () => unmodelled(m, stream, g.path));
  return none;
}

const legacyChooser: Chooser = {
  withReturn: (r, population, d) => r.integers(d, 0n, BigInt(population - 1)),
  without: (r, population, count) => r.order(population).slice(0, count),
};

function modernChooser(shuffle: boolean): Chooser {
  return {
    withReturn: legacyChooser.withReturn,
    without: (r, population, count) => (r instanceof NumpyGenerator ? r.sample(population, count, shuffle) : []),
  };
}

/** A distribution that is not modelled: its shape where a size is given. */
function other(g: Given, m: Machine, stream: Stream): Value {
  const why = unmodelled(m, stream, g.path);
  const whole = /binomial|poisson|geometric/.test(g.path);
  const size = sizeGiven(g);
  if (size.length > 0)
    return array(g, m, stream, shapeArgument(m, size), whole ? "int64" : "float64", false, undefined);
  return g.rest.every((v) => v.kind !== "tensor" && v.kind !== "list") && g.keywords.size === 0 && g.rest.length < 3
    ? { kind: "unknown", why, type: whole ? "int" : "float" }
    : { kind: "unknown", why };
}
