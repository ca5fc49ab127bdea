// Writes the kernel's AssemblyScript for one tile shape. The order of the instructions is the point: the compiler is run
// at -O1, which keeps it, and the engine that runs the module keeps every accumulator in a register.
//
// Lanes are 8 queries (two vectors). QKᵀ broadcasts `keys` keys at a time, PV as many value columns: 6 with a fused
// multiply-add (12 accumulators, two vectors and one broadcast fill 15 of 16 registers), 4 where multiply and add are apart.
import { contextFields, tileKeys } from "../src/attention/kernels/contextFields.ts";
import { parts } from "./parts.mjs";

const range = (count) => Array.from({ length: count }, (_, at) => at);

/** @param {{ keys: number, fused: boolean, unroll: number }} shape */
export function kernelSource(shape) {
  return [constants(shape), arithmetic(shape), scores(shape), additive(shape), values(shape), ...parts].join("\n");
}

function constants({ keys }) {
  const names = Object.entries(contextFields).map(([name, at]) => `@inline const F_${name}: i32 = ${at * 4};`);
  return `${names.join("\n")}
@inline const KEYS: i32 = ${keys};
@inline const TILE: i32 = ${tileKeys};
@inline function at(context: usize, field: i32): i32 { return load<i32>(context + field); }
@inline function pointer(context: usize, field: i32): usize { return <usize>load<i32>(context + field); }
@inline function number(context: usize, field: i32): f32 { return load<f32>(context + field); }
@inline function constant(context: usize, index: i32): v128 { return v128.load32_splat(context + F_constants + index * 4); }
@inline function minusInfinity(): v128 { return f32x4.splat(-Infinity); }`;
}

function arithmetic({ fused }) {
  const body = fused ? "f32x4.relaxed_madd(a, b, c)" : "f32x4.add(c, f32x4.mul(a, b))";
  return `@inline function multiplyAdd(a: v128, b: v128, c: v128): v128 { return ${body}; }
/** 2^x for -127 ≤ x ≤ 126: x = n + f with n whole, a polynomial of degree 5 in f, times 2ⁿ made from its bits. */
@inline function power(x: v128, magic: v128, c0: v128, c1: v128, c2: v128, c3: v128, c4: v128, c5: v128): v128 {
  const t = f32x4.add(x, magic);
  const f = f32x4.sub(x, f32x4.sub(t, magic));
  let p = multiplyAdd(c5, f, c4);
  p = multiplyAdd(p, f, c3);
  p = multiplyAdd(p, f, c2);
  p = multiplyAdd(p, f, c1);
  p = multiplyAdd(p, f, c0);
  return f32x4.mul(p, i32x4.shl(t, 23));
}`;
}

/** Σ over the size of queries × keys, for keys from … to (whole blocks), into the tile `[key][8 queries]`. */
function scores({ keys, unroll }) {
  const accumulators = range(keys).flatMap((key) => [`a${key}`, `b${key}`]);
  const step = (u) => [
    `x = v128.load(q, ${u * 32}); y = v128.load(q, ${u * 32 + 16});`,
    ...range(keys).map(
      (key) =>
        `z = v128.load32_splat(k, ${(u * keys + key) * 4}); a${key} = multiplyAdd(x, z, a${key}); b${key} = multiplyAdd(y, z, b${key});`,
    ),
  ];
  return `function scores(query: usize, packed: usize, tile: usize, size: i32, from: i32, to: i32): void {
  let k = packed + <usize>(from * size * 4);
  for (let key = from; key < to; key += KEYS) {
    let q = query;
    const end = k + <usize>(size * KEYS * 4);
    let x: v128, y: v128, z: v128;
    ${accumulators.map((name) => `let ${name} = f32x4.splat(0);`).join(" ")}
    while (k < end) {
      ${range(unroll).flatMap(step).join("\n      ")}
      q += ${unroll * 32}; k += ${unroll * keys * 4};
    }
    ${range(keys)
      .map((key) => `v128.store(tile, a${key}, ${key * 32}); v128.store(tile, b${key}, ${key * 32 + 16});`)
      .join("\n    ")}
    tile += ${keys * 32};
  }
}`;
}

/**
 * Σ over the size of w / (e^2q · e^2k + 1) for queries × keys, as `scores` does it: with w = −2v and Σv added, that is
 * Σ v·tanh(q + k). Q and K hold the exponentials already, so that a term costs one division.
 */
function additive({ keys }) {
  const accumulators = range(keys).flatMap((key) => [`a${key}`, `b${key}`]);
  return `function additiveScores(query: usize, packed: usize, tile: usize, vector: usize, size: i32, from: i32, to: i32): void {
  let k = packed + <usize>(from * size * 4);
  const one = f32x4.splat(1);
  for (let key = from; key < to; key += KEYS) {
    let q = query, v = vector;
    const end = k + <usize>(size * KEYS * 4);
    let x: v128, y: v128, z: v128, w: v128;
    ${accumulators.map((name) => `let ${name} = f32x4.splat(0);`).join(" ")}
    while (k < end) {
      x = v128.load(q); y = v128.load(q, 16); w = v128.load32_splat(v);
      ${range(keys)
        .map(
          (key) =>
            `z = v128.load32_splat(k, ${key * 4}); a${key} = f32x4.add(a${key}, f32x4.div(w, multiplyAdd(x, z, one))); b${key} = f32x4.add(b${key}, f32x4.div(w, multiplyAdd(y, z, one)));`,
        )
        .join("\n      ")}
      q += 32; v += 4; k += ${keys * 4};
    }
    ${range(keys)
      .map((key) => `v128.store(tile, a${key}, ${key * 32}); v128.store(tile, b${key}, ${key * 32 + 16});`)
      .join("\n    ")}
    tile += ${keys * 32};
  }
}`;
}

/**
 * sums = sums·alpha + weights × values, for \`count\` keys (whole blocks) and \`blocks\` blocks of columns; then, where the last
 * block holds no more than \`KEYS − 2\` columns, those alone.
 */
function values(shape) {
  const tails = [];
  for (let columns = 2; columns < shape.keys; columns += 2) tails.push(columns);
  return [block(shape, shape.keys), ...tails.map((columns) => block(shape, columns)), together(shape, tails)].join(
    "\n",
  );
}

/** One block of columns. */
function block({ keys, unroll }, columns) {
  const accumulators = range(columns).flatMap((column) => [`a${column}`, `b${column}`]);
  const times = unroll === 1 ? 1 : keys;
  const step = (u) => [
    `x = v128.load(p, ${u * 32}); y = v128.load(p, ${u * 32 + 16});`,
    ...range(columns).map(
      (column) =>
        `z = v128.load32_splat(v, ${(u * keys + column) * 4}); a${column} = multiplyAdd(x, z, a${column}); b${column} = multiplyAdd(y, z, b${column});`,
    ),
  ];
  return `
@inline function block${columns}(p: usize, end: usize, v: usize, sums: usize, alpha0: v128, alpha1: v128): void {
  let x: v128, y: v128, z: v128;
  ${accumulators.map((name, at) => `let ${name} = f32x4.mul(v128.load(sums, ${at * 16}), alpha${at % 2});`).join("\n  ")}
  while (p < end) {
    ${range(times).flatMap(step).join("\n    ")}
    p += ${times * 32}; v += ${times * keys * 4};
  }
  ${accumulators.map((name, at) => `v128.store(sums, ${name}, ${at * 16});`).join("\n  ")}
}`;
}

function together({ keys }, tails) {
  const choice = tails
    .map((columns) => `if (rest <= ${columns}) return block${columns}(tile, end, packed, sums, alpha0, alpha1);`)
    .join("\n  ");
  return `function values(tile: usize, packed: usize, stride: usize, sums: usize, columns: i32, count: i32, alpha0: v128, alpha1: v128): void {
  const end = tile + <usize>(count * 32);
  let rest = columns;
  for (; rest > ${keys - 2}; rest -= ${keys}) {
    block${keys}(tile, end, packed, sums, alpha0, alpha1);
    sums += ${keys * 32};
    packed += stride;
  }
  if (rest <= 0) return;
  ${choice}
}`;
}
