import type { Size } from "../run/dims.ts";
import { type Machine, raise } from "../run/machine.ts";
import { numeric } from "../run/scalars.ts";
import {
  concreteDims,
  type DTypeCell,
  dimsOf,
  dtypeOf,
  fixedDType,
  fixedShape,
  type TensorValue,
} from "../run/tensorValue.ts";
import { args, int, type Value } from "../run/values.ts";
import type { Expr } from "../syntax/ast.ts";
import { broadcastShapes } from "./broadcast.ts";
import { dtypeArgument } from "./constructors.ts";
import { dtypeFrom, floatOf, promoted } from "./dtypes.ts";
import { inPlaceResult } from "./elementwise.ts";
import { mustFloat } from "./linearAlgebra.ts";
import { arrayOf, axisOf, type NumberArray, rankOf, result, shapeFrom } from "./making.ts";
import { type Given, type Operation, operation } from "./operation.ts";
import { powerNorm, reduced } from "./reductions.ts";

/** softmax along an axis, with the maximum taken off first; a row of −∞ gives NaN as the libraries do. */
function softmaxElements(
  data: NumberArray,
  dims: readonly number[],
  axis: number,
  to: Parameters<typeof arrayOf>[0],
  logarithm: boolean,
): NumberArray {
  const at = axisOf(axis, dims.length);
  const length = dims[at] ?? 1;
  const stride = dims.slice(at + 1).reduce((n, d) => n * d, 1);
  const out = arrayOf(to, data.length);
  for (let line = 0; line < data.length / Math.max(1, length); line++) {
    const start = Math.floor(line / stride) * length * stride + (line % stride);
    let top = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < length; i++) top = Math.max(top, data[start + i * stride]!);
    let sum = 0;
    for (let i = 0; i < length; i++) sum += Math.exp(data[start + i * stride]! - top);
    for (let i = 0; i < length; i++) {
      const x = data[start + i * stride]! - top;
      out[start + i * stride] = logarithm ? x - Math.log(sum) : Math.exp(x) / sum;
    }
  }
  return out;
}

function softmax(g: Given, m: Machine, logarithm: boolean): Value {
  const t = g.tensor("input");
  mustFloat(m, t);
  const axis = g.get("dim") ? g.int("dim") : t.framework === "torch" ? implicitAxis(rankOf(t)) : -1;
  return softmaxOf(t, axis, logarithm, dtypeArgument(g.get("dtype"), t.framework));
}

/** softmax of a tensor, tagged with the axis that it normalises. */
export function softmaxOf(
  t: TensorValue,
  axis: number,
  logarithm: boolean,
  given?: ReturnType<typeof dtypeArgument>,
): TensorValue {
  const dims = dimsOf(t);
  if (dims) axisOf(axis, dims.length);
  const dtype: DTypeCell = given
    ? fixedDType(given === "open" ? null : given)
    : dtypeFrom(() => floatOf(t.framework, dtypeOf(t)));
  const made = result({
    framework: t.framework,
    shape: t.shape,
    dtype: given || dtypeOf(t) !== null ? dtype : t.dtype,
    inputs: [t],
    operation: logarithm ? "log_softmax" : "softmax",
    exact: false,
    details: {
      axis: dims && axis < 0 ? axis + dims.length : axis,
      fromEnd: dims ? (axis < 0 ? axis : axis - dims.length) : axis < 0 ? axis : null,
    },
    compute: ([data], sizes, to) => softmaxElements(data!, sizes, axis, to, logarithm),
  });
  made.shape = t.shape;
  return made;
}

/** PyTorch without `dim`: 0 for ranks 0, 1 and 3, else 1. */
function implicitAxis(rank: number | null): number {
  return rank === 0 || rank === 1 || rank === 3 ? 0 : 1;
}

function attention(g: Given, m: Machine): Value {
  const [q, k, v] = [g.tensor("query"), g.tensor("key"), g.tensor("value")];
  for (const t of [q, k, v]) mustFloat(m, t);
  const mask = g.get("attn_mask");
  const shape = shapeFrom([q, k, v], ([a, b, c]) => {
    if (!m.symbols.unify(a!.at(-1)!, b!.at(-1)!))
      raise("RuntimeError", "python.matmul", {
        left: a!.map(String).join("×"),
        right: b!.map(String).join("×"),
        operation: "scaled_dot_product_attention",
      });
    if (!m.symbols.unify(b!.at(-2)!, c!.at(-2)!))
      raise("RuntimeError", "python.matmul", {
        left: b!.map(String).join("×"),
        right: c!.map(String).join("×"),
        operation: "scaled_dot_product_attention",
      });
    return [...broadcastHeads(m, a!.slice(0, -2), b!.slice(0, -2), c!.slice(0, -2)), a!.at(-2)!, c!.at(-1)!];
  });
  const inputs = [q, k, v, ...(mask?.kind === "tensor" ? [mask] : [])];
  const [dropout, causal, scale] = [
    g.number("dropout_p", 0),
    m.truth(g.get("is_causal") ?? { kind: "bool", value: false }),
    g.get("scale"),
  ];
  const made = result({
    framework: "torch",
    shape,
    dtype: q.dtype,
    inputs,
    operation: "scaled_dot_product_attention",
    exact: false,
    details: {
      causal,
      dropout,
      guarded: asksForTraining(g),
      scale: scale ? numeric(scale) : null,
      mask: mask?.kind === "tensor",
    },
  });
  const known = dropout === 0 && causal !== null && concreteDims(made) !== null && inputs.every((t) => t.view !== null);
  const steps = known ? workedOut(m, [q, k, v], mask?.kind === "tensor" ? mask : null, causal, scale) : null;
  if (steps?.view) {
    made.view = steps.view;
    made.origin = steps.origin;
    made.why = steps.why;
  }
  return made;
}

/** Whether the dropout that a call is given depends on the training mode, as it is written; null where it is but a name. */
function asksForTraining(g: Given): boolean | null {
  const given = g.args.at?.kind === "call" ? g.args.at.args.find((a) => a.name === "dropout_p")?.value : undefined;
  if (!given) return null;
  if (mentionsTraining(given)) return true;
  return given.kind === "float" || given.kind === "int" || given.kind === "attribute" ? false : null;
}

function mentionsTraining(e: Expr): boolean {
  switch (e.kind) {
    case "attribute":
      return e.name === "training";
    case "if":
      return [e.test, e.consequence, e.otherwise].some(mentionsTraining);
    case "binary":
    case "bool":
      return mentionsTraining(e.left) || mentionsTraining(e.right);
    case "unary":
      return mentionsTraining(e.operand);
    case "call":
      return e.args.some((a) => mentionsTraining(a.value));
    default:
      return false;
  }
}

/** The same in separate steps, for its values. */
function workedOut(
  m: Machine,
  [q, k, v]: readonly [TensorValue, TensorValue, TensorValue],
  mask: TensorValue | null,
  causal: boolean,
  scale: Value | undefined,
): TensorValue | null {
  const width = concreteDims(q)!.at(-1)!;
  const factor: Value = scale ?? { kind: "float", value: 1 / Math.sqrt(width) };
  const lowest: Value = { kind: "float", value: Number.NEGATIVE_INFINITY };
  let scores = m.binary("*", m.binary("@", q, m.operate("torch.Tensor.mT", args([k]))), factor);
  if (causal) {
    const ones = m.operate("torch.ones", args([int(concreteDims(q)!.at(-2)!), int(concreteDims(k)!.at(-2)!)]));
    scores = m.operate(
      "torch.where",
      args([m.operate("torch.gt", args([m.operate("torch.tril", args([ones])), int(0)])), scores, lowest]),
    );
  }
  if (mask && dtypeOf(mask) === "bool") scores = m.operate("torch.where", args([mask, scores, lowest]));
  else if (mask) scores = m.binary("+", scores, mask);
  const weights = scores.kind === "tensor" ? softmaxOf(scores, -1, false) : scores;
  const output = m.binary("@", weights, v);
  return output.kind === "tensor" ? output : null;
}

function broadcastHeads(m: Machine, a: readonly Size[], b: readonly Size[], c: readonly Size[]): Size[] {
  return broadcastShapes(m.symbols, [a, b, c]);
}

/** A loss: a scalar, or one number an element. */
function loss(g: Given, m: Machine, classes: boolean): Value {
  const [a, b] = [g.tensor("input"), g.tensor("target")];
  const reduction = g.word("reduction") ?? "mean";
  const dtype = classes ? a.dtype : dtypeFrom(() => promoted("torch", [a, b], rankOf));
  const shape =
    reduction === "none"
      ? classes
        ? b.shape
        : shapeFrom([a, b], (dims) => broadcastShapes(m.symbols, dims))
      : fixedShape([]);
  return result({ framework: "torch", shape, dtype, inputs: [a, b], operation: "loss", exact: false });
}

/** softmax, attention in one call, norms along an axis, and losses. */
export const softmaxes: readonly Operation[] = [
  operation(
    "F.softmax torch.softmax T.softmax tf.nn.softmax jax.nn.softmax scipy.special.softmax torch.special.softmax",
    "input, dim?, _stacklevel?, dtype?, name?",
    (g, m) => softmax(stackLevel(g), m, false),
  ),
  operation(
    "F.log_softmax torch.log_softmax T.log_softmax tf.nn.log_softmax jax.nn.log_softmax scipy.special.log_softmax",
    "input, dim?, _stacklevel?, dtype?, name?",
    (g, m) => softmax(stackLevel(g), m, true),
  ),
  operation("F.softmin", "input, dim?, _stacklevel?, dtype?", (g, m) =>
    softmaxOf(m.binary("*", g.tensor("input"), { kind: "int", value: -1 }) as TensorValue, g.int("dim"), false),
  ),
  operation("F.gumbel_softmax", "logits, tau?, hard?, eps?, dim?", (g) => {
    const t = g.tensor("logits");
    return result({
      framework: "torch",
      shape: t.shape,
      dtype: t.dtype,
      inputs: [t],
      operation: "gumbel_softmax",
      exact: false,
    });
  }),
  operation(
    "F.scaled_dot_product_attention torch._C._nn.scaled_dot_product_attention",
    "query, key, value, attn_mask?, dropout_p?, is_causal?, *, scale?, enable_gqa?",
    attention,
  ),
  operation(
    "jax.nn.dot_product_attention",
    "query, key, value, bias?, mask?, *, scale?, is_causal?, **more",
    (g, m) => {
      const heads = (t: TensorValue): Value => m.operate("torch.Tensor.swapaxes", args([t, int(-3), int(-2)]));
      const [q, k, v] = ["query", "key", "value"].map((name) => heads(g.tensor(name))) as [Value, Value, Value];
      const [scale, causal, mask] = [g.get("scale"), g.get("is_causal"), g.get("mask") ?? g.get("bias")];
      const options = {
        ...(scale && { scale }),
        ...(causal && { is_causal: causal }),
        ...(mask && { attn_mask: mask }),
      };
      const made = m.operate("torch.nn.functional.scaled_dot_product_attention", args([q, k, v], options));
      if (made.kind !== "tensor") return made;
      if (m.at) m.recorder.noteAttention(m.at, made, m.state.watched);
      return heads(made);
    },
  ),
  operation("F.normalize", "input, p?, dim?, eps?, out?", (g, m) => {
    const t = g.tensor("input");
    const axis = g.int("dim", 1);
    void m;
    const two = !g.get("p") || g.number("p", 2) === 2;
    const made = result({
      framework: "torch",
      shape: t.shape,
      dtype: t.dtype,
      inputs: [t],
      operation: "normalize",
      exact: false,
      details: { axis },
      compute: !two
        ? undefined
        : ([data], dims, to) => {
            const at = axisOf(axis, dims.length);
            const [length, stride] = [dims[at]!, dims.slice(at + 1).reduce((n, d) => n * d, 1)];
            const out = arrayOf(to, data!.length);
            for (let line = 0; line < data!.length / length; line++) {
              const start = Math.floor(line / stride) * length * stride + (line % stride);
              let sum = 0;
              for (let i = 0; i < length; i++) sum += data![start + i * stride]! ** 2;
              for (let i = 0; i < length; i++)
                out[start + i * stride] = data![start + i * stride]! / Math.max(Math.sqrt(sum), 1e-12);
            }
            return out;
          },
    });
    made.shape = t.shape;
    return made;
  }),
  operation("F.cosine_similarity torch.cosine_similarity", "input, other, dim?, eps?", (g, m) => {
    const product = m.binary("*", g.tensor("input"), g.tensor("other")) as TensorValue;
    return reduced(
      m,
      product,
      "cosine_similarity",
      { of: null, dtype: "float", exact: false },
      [g.int("dim", 1)],
      false,
    );
  }),
  operation("F.pairwise_distance torch.pairwise_distance", "input, other, p?, eps?, keepdim?", (g, m) => {
    const [p, eps] = [g.number("p", 2), g.number("eps", 1e-6)];
    const of =
      p === null || eps === null
        ? null
        : (v: Float64Array) =>
            powerNorm(
              v.map((x) => x + eps),
              p,
            );
    const difference = m.binary("-", g.tensor("input"), g.tensor("other")) as TensorValue;
    return reduced(m, difference, "distance", { of, dtype: "float", exact: false }, [-1], g.flag("keepdim", false));
  }),
  operation(
    "F.cross_entropy F.nll_loss",
    "input, target, *more, reduction?, weight?, ignore_index?, label_smoothing?, size_average?, reduce?",
    (g, m) => loss(g, m, true),
  ),
  operation(
    "F.mse_loss F.l1_loss F.smooth_l1_loss F.binary_cross_entropy F.binary_cross_entropy_with_logits F.kl_div F.huber_loss",
    "input, target, *more, reduction?, weight?, size_average?, reduce?, beta?, pos_weight?, log_target?, delta?",
    (g, m) => loss(g, m, false),
  ),
  operation("F.glu", "input, dim?", (g, m) => {
    const t = g.tensor("input");
    return result({
      framework: "torch",
      shape: shapeFrom([t], ([d]) =>
        d!.map((size, axis) => (axis === axisOf(g.int("dim", -1), d!.length) ? m.symbols.quotient(size, 2) : size)),
      ),
      dtype: t.dtype,
      inputs: [t],
      operation: "glu",
      exact: false,
      compute: ([data], dims, to) => {
        const from = concreteDims(t)!;
        const axis = axisOf(g.int("dim", -1), dims.length);
        const stride = dims.slice(axis + 1).reduce((n, d) => n * d, 1);
        const out = arrayOf(
          to,
          dims.reduce((n, d) => n * d, 1),
        );
        const half = dims[axis]! * stride;
        for (let flat = 0; flat < out.length; flat++) {
          const at = Math.floor(flat / half) * from[axis]! * stride + (flat % half);
          out[flat] = data![at]! / (1 + Math.exp(-data![at + half]!));
        }
        return out;
      },
    });
  }),
  operation("torch.softmax_", "input, dim", (g, m) =>
    inPlaceResult(m, g.tensor("input"), softmaxOf(g.tensor("input"), g.int("dim"), false)),
  ),
];

/** `torch.softmax(x, 1, torch.float32)`: the third position is the dtype there. */
function stackLevel(g: Given): Given {
  const third = g.get("_stacklevel");
  if (third?.kind !== "dtype") return g;
  const values = new Map(g.values);
  values.set("dtype", third);
  return Object.assign(Object.create(Object.getPrototypeOf(g)), g, { values });
}
