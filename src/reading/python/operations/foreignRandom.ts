import type { DType } from "../../../tensor/dtype.ts";
import type { Size } from "../run/dims.ts";
import type { Machine } from "../run/machine.ts";
import {
  blankTensor,
  concrete,
  dimsOf,
  dtypeOf,
  fixedDType,
  type Library,
  type TensorValue,
} from "../run/tensorValue.ts";
import { none, type Value } from "../run/values.ts";
import { sampledTensor } from "../sampling/sampling.ts";
import { dtypeArgument, shapeArgument } from "./constructors.ts";
import { type Given, type Operation, operation } from "./operation.ts";

/** Random numbers of JAX and TensorFlow: their shapes; their values are not modelled. */
export const foreignRandom: readonly Operation[] = [
  operation("jax.random.PRNGKey jax.random.key", "seed, impl?", (g, m) =>
    made(g, m, "jax", g.path.endsWith("PRNGKey") ? [2] : [], g.path.endsWith("PRNGKey") ? "uint32" : null),
  ),
  operation("jax.random.split", "key, num?", (g, m) => {
    const inner = keyDims(g);
    const num = g.get("num");
    const many = num ? shapeArgument(m, [num]) : [2];
    return made(g, m, "jax", many && inner && [...many, ...inner], keyDType(g));
  }),
  operation("jax.random.fold_in", "key, data", (g, m) => made(g, m, "jax", keyDims(g), keyDType(g))),
  operation(
    "jax.random.normal jax.random.truncated_normal jax.random.uniform jax.random.exponential jax.random.gumbel",
    "key, *rest, shape?, dtype?, minval?, maxval?, lower?, upper?",
    (g, m) => {
      const places = g.path.endsWith("truncated_normal") ? g.rest.slice(2) : g.rest;
      const dtype = dtypeArgument(g.get("dtype") ?? places[1], "jax");
      return made(g, m, "jax", shapeOf(m, g.get("shape") ?? places[0]), dtype === "open" ? null : (dtype ?? "float32"));
    },
  ),
  operation("jax.random.randint", "key, shape, minval, maxval, dtype?", (g, m) => {
    const dtype = dtypeArgument(g.get("dtype"), "jax");
    return made(g, m, "jax", shapeOf(m, g.get("shape")), dtype === "open" ? null : (dtype ?? "int32"));
  }),
  operation("jax.random.bernoulli", "key, p?, shape?", (g, m) => {
    const p = g.get("p");
    const shape = g.get("shape");
    return made(g, m, "jax", shape ? shapeOf(m, shape) : p?.kind === "tensor" ? dimsOf(p) : [], "bool");
  }),
  operation("jax.random.permutation", "key, x, axis?", (g, m) => {
    const x = g.need("x");
    if (x.kind === "tensor") return made(g, m, "jax", dimsOf(x), dtypeOf(x));
    return made(g, m, "jax", [g.size("x")], "int32");
  }),
  operation("tf.random.set_seed", "seed", () => none),
  operation(
    "tf.random.normal tf.random.uniform tf.random.truncated_normal",
    "shape, *rest, mean?, stddev?, minval?, maxval?, dtype?, seed?, name?",
    (g, m) => {
      const dtype = dtypeArgument(g.get("dtype") ?? g.rest[2], "tensorflow");
      return made(g, m, "tensorflow", shapeOf(m, g.get("shape")), dtype === "open" ? null : (dtype ?? "float32"));
    },
  ),
];

function made(
  g: Given,
  m: Machine,
  framework: Library,
  dims: readonly Size[] | null,
  dtype: DType | null,
): TensorValue {
  const numbers = concrete(dims);
  if (m.sampling && numbers && dtype) return sampledTensor(m.sampling, framework, numbers, dtype);
  return blankTensor(framework, dims, fixedDType(dtype), { code: "python.random.unmodelled", args: { call: g.path } });
}

function shapeOf(m: Machine, value: Value | undefined): readonly Size[] | null {
  return value ? shapeArgument(m, [value]) : [];
}

function keyDims(g: Given): readonly Size[] | null {
  const key = g.get("key");
  return key?.kind === "tensor" ? dimsOf(key) : null;
}

function keyDType(g: Given): DType | null {
  const key = g.get("key");
  return key?.kind === "tensor" ? dtypeOf(key) : null;
}
