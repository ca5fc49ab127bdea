import assert from "node:assert/strict";
import { named, read } from "./reader.ts";

/** An expression and what the documentation says that it gives. */
type Fact = readonly [expression: string, shape: readonly number[], dtype: string];

async function told(head: string, facts: readonly Fact[]): Promise<void> {
  const document = await read(`${head}\n${facts.map(([text], at) => `x${at} = ${text}`).join("\n")}\n`);
  for (const [at, [text, shape, dtype]] of facts.entries()) {
    const entry = named(document, `x${at}`);
    assert.deepEqual([text, entry.shape, entry.dtype], [text, shape, dtype]);
  }
}

async function raises(head: string, text: string): Promise<void> {
  const document = await read(`${head}\nx = ${text}\n`);
  assert.equal(
    document.tensors.find((t) => t.name === "x"),
    undefined,
    text,
  );
}

const jax = "import jax\nimport jax.numpy as jnp\nimport numpy as np";

describe("jax.numpy, by its documentation", () => {
  it("has 32 bits where nothing else is said", () =>
    told(jax, [
      ["jnp.arange(4)", [4], "int32"],
      ["jnp.arange(4.0)", [4], "float32"],
      ["jnp.array([1, 2, 3])", [3], "int32"],
      ["jnp.array([1.0, 2])", [2], "float32"],
      ["jnp.zeros((2, 3))", [2, 3], "float32"],
      ["jnp.ones(3, dtype=jnp.float64)", [3], "float32"],
      ["jnp.asarray(np.zeros(3))", [3], "float32"],
      ["jnp.full((2,), 3)", [2], "int32"],
      ["jnp.linspace(0, 1, 5)", [5], "float32"],
      ["jnp.argmax(jnp.ones(3))", [], "int32"],
      ["jnp.float32(3)", [], "float32"],
      ["jax.random.normal(jax.random.PRNGKey(0), (2, 3))", [2, 3], "float32"],
    ]));

  const kinds: Readonly<Record<string, string>> = {
    b1: "bool",
    u1: "uint8",
    u2: "uint16",
    u4: "uint32",
    i1: "int8",
    i2: "int16",
    i4: "int32",
    bf: "bfloat16",
    f2: "float16",
    f4: "float32",
  };
  /** The rows of the documentation's table below 64 bits; `i8`, which 32 bits hold, is written `i4`. */
  const table = `
    b1 b1 u1 u2 u4 i1 i2 i4 bf f2 f4
    u1 u1 u1 u2 u4 i2 i2 i4 bf f2 f4
    u2 u2 u2 u2 u4 i4 i4 i4 bf f2 f4
    u4 u4 u4 u4 u4 i4 i4 i4 bf f2 f4
    i1 i1 i2 i4 i4 i1 i2 i4 bf f2 f4
    i2 i2 i2 i4 i4 i2 i2 i4 bf f2 f4
    i4 i4 i4 i4 i4 i4 i4 i4 bf f2 f4
    bf bf bf bf bf bf bf bf bf f4 f4
    f2 f2 f2 f2 f2 f2 f2 f2 f4 f2 f4
    f4 f4 f4 f4 f4 f4 f4 f4 f4 f4 f4`;
  const made = (kind: string): string => `jnp.ones(3, dtype=jnp.${kinds[kind] === "bool" ? "bool_" : kinds[kind]})`;

  it("promotes by the lattice", () =>
    told(
      jax,
      table
        .trim()
        .split("\n")
        .flatMap((line) => {
          const [row, ...results] = line.trim().split(" ");
          return results.map(
            (r, at): Fact => [`jnp.add(${made(row!)}, ${made(Object.keys(kinds)[at]!)})`, [3], kinds[r]!],
          );
        }),
    ));

  it("lets Python numbers, and what only they have made, take the precision of what they meet", () =>
    told(jax, [
      ["jnp.ones(3, dtype=jnp.bfloat16) + 1.0", [3], "bfloat16"],
      ["jnp.ones(3, dtype=jnp.int8) * 2", [3], "int8"],
      ["jnp.ones(3, dtype=jnp.int16) + 1.5", [3], "float32"],
      ["jnp.ones(3, dtype=bool) + 1", [3], "int32"],
      ["jnp.asarray(2.5) * jnp.ones(3, dtype=jnp.float16)", [3], "float16"],
      ["jnp.sqrt(16) * jnp.ones(3, dtype=jnp.bfloat16)", [3], "bfloat16"],
      ["jnp.array(2.5) * jnp.ones(3, dtype=jnp.float16)", [3], "float32"],
    ]));

  it("divides and averages integers as float32, and sums them as 32-bit ones", () =>
    told(jax, [
      ["jnp.arange(3) / 2", [3], "float32"],
      ["jnp.mean(jnp.arange(3))", [], "float32"],
      ["jnp.sum(jnp.ones(3, dtype=bool))", [], "int32"],
      ["jnp.sum(jnp.ones(3, dtype=jnp.uint8))", [], "uint32"],
      ["jax.nn.softmax(jnp.arange(3))", [3], "float32"],
      ["jnp.exp(jnp.arange(3))", [3], "float32"],
    ]));
});

const tensorflow = "import tensorflow as tf\nimport numpy as np";

describe("TensorFlow, by its documentation", () => {
  it("has int32 and float32 where nothing else is said, and keeps what NumPy gives", () =>
    told(tensorflow, [
      ["tf.constant([1, 2, 3])", [3], "int32"],
      ["tf.constant([1.0, 2])", [2], "float32"],
      ["tf.constant(np.zeros(3))", [3], "float64"],
      ["tf.range(4)", [4], "int32"],
      ["tf.zeros((2, 3))", [2, 3], "float32"],
      ["tf.fill([2, 2], 3)", [2, 2], "int32"],
      ["tf.argmax(tf.constant([1.0, 2]))", [], "int64"],
      ["tf.random.normal((2, 3))", [2, 3], "float32"],
      ["tf.eye(3)", [3, 3], "float32"],
      ["tf.constant([True])", [1], "bool"],
    ]));

  it("converts Python numbers to the tensor's dtype", () =>
    told(tensorflow, [
      ["tf.constant([1, 2]) + 1", [2], "int32"],
      ["tf.constant([1.0, 2]) * 2", [2], "float32"],
      ["1 - tf.constant([1.0, 2])", [2], "float32"],
      ["tf.constant(7, dtype=tf.float16) * 2.5", [], "float16"],
      ["tf.constant([1.0]) > 1", [1], "bool"],
    ]));

  it("divides 32-bit integers as float64, smaller ones as float32", () =>
    told(tensorflow, [
      ["tf.constant([1, 2]) / 2", [2], "float64"],
      ["tf.constant([1, 2], dtype=tf.int16) / tf.constant([1, 2], dtype=tf.int16)", [2], "float32"],
      ["tf.constant([1, 2]) // 2", [2], "int32"],
      ["tf.reduce_mean(tf.constant([1, 2]))", [], "int32"],
    ]));

  it("promotes nothing", async () => {
    for (const text of [
      "tf.constant([1, 2]) + tf.constant([1.0, 2])",
      "tf.constant([1.0, 2]) * tf.constant([1.0, 2], dtype=tf.float64)",
      "tf.constant([1, 2]) * 1.5",
      "tf.matmul(tf.ones((2, 2)), tf.ones((2, 2), dtype=tf.float64))",
      "tf.exp(tf.constant([1, 2]))",
      "tf.nn.softmax(tf.constant([1, 2]))",
    ])
      await raises(tensorflow, text);
  });
});

describe("sizes that are given by name", () => {
  it("are those of the result", () =>
    told("import torch", [
      ["torch.FloatTensor(size=(1, 3))", [1, 3], "float32"],
      ["torch.zeros(size=(2, 3))", [2, 3], "float32"],
      ["torch.zeros(2).repeat(repeats=(3, 2))", [3, 4], "float32"],
      ["torch.zeros(6).reshape(shape=(2, 3))", [2, 3], "float32"],
    ]));
});
