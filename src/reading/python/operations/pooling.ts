import { sizeOf } from "../../../tensor/tensor.ts";
import type { Size } from "../run/dims.ts";
import { type Machine, raise } from "../run/machine.ts";
import { dimsOf, fixedDType, fixedShape, type TensorValue } from "../run/tensorValue.ts";
import { tuple, type Value } from "../run/values.ts";
import { parted, windows } from "./convolution.ts";
import { arrayOf, type NumberArray, result } from "./making.ts";
import { type Given, type Operation, operation } from "./operation.ts";
import { dimsOfRank } from "./ranks.ts";
import { perAxis } from "./sizes.ts";

/** Pooling over windows, and to a given size. */
export const pooling: readonly Operation[] = [1, 2, 3].flatMap((axes) => [
  operation(
    `F.max_pool${axes}d torch.max_pool${axes}d`,
    "input, kernel_size, stride?, padding?, dilation?, ceil_mode?, return_indices?",
    (g, m) => {
      const pooled = overWindows(g, m, axes, "max_pool");
      return g.flag("return_indices", false) ? withIndices(pooled) : pooled;
    },
  ),
  operation(
    `F.avg_pool${axes}d torch.avg_pool${axes}d`,
    "input, kernel_size, stride?, padding?, ceil_mode?, count_include_pad?, divisor_override?",
    (g, m) => overWindows(g, m, axes, "avg_pool"),
  ),
  operation(`F.adaptive_avg_pool${axes}d torch.adaptive_avg_pool${axes}d`, "input, output_size", (g, m) =>
    toSize(g, m, axes, "mean"),
  ),
  operation(
    `F.adaptive_max_pool${axes}d torch.adaptive_max_pool${axes}d`,
    "input, output_size, return_indices?",
    (g, m) => {
      const pooled = toSize(g, m, axes, "max");
      return g.flag("return_indices", false) ? withIndices(pooled) : pooled;
    },
  ),
]);

/** The largest of each window, and where in the input they are. */
function withIndices(pooled: TensorValue): Value {
  return tuple([pooled, { ...pooled, dtype: fixedDType("int64"), view: null }]);
}

/** Pooling takes a batch or one element: of an input of unknown rank it tells nothing. */
function ofUnknownRank(input: TensorValue, operation: string): TensorValue {
  const shape = fixedShape(null);
  return result({ framework: "torch", shape, dtype: input.dtype, inputs: [input], operation, exact: false });
}

function overWindows(g: Given, m: Machine, axes: number, name: string): TensorValue {
  const input = g.tensor("input");
  if (dimsOf(input) === null) return ofUnknownRank(input, name);
  const { batch, channels, space } = parted(dimsOfRank(m, input, axes + 2), axes);
  const kernel = perAxis(m, g.get("kernel_size"), axes)!;
  const stride = perAxis(m, g.get("stride"), axes) ?? kernel;
  const padding = perAxis(m, g.get("padding"), axes) ?? new Array<Size>(axes).fill(0);
  const dilation = perAxis(m, g.get("dilation"), axes) ?? new Array<Size>(axes).fill(1);
  const up = g.flag("ceil_mode", false);
  const out = space.map((size, axis) =>
    up
      ? ceiled(size, kernel[axis]!, stride[axis]!, padding[axis]!, dilation[axis]!)
      : windows(m, size, kernel[axis]!, stride[axis]!, padding[axis]!, dilation[axis]!),
  );
  if (out.some((size) => typeof size === "number" && size <= 0))
    raise("RuntimeError", "python.sizes", { what: name, a: String(space), b: String(kernel), shapes: [] });
  return result({
    framework: "torch",
    shape: fixedShape([...batch, channels, ...out]),
    dtype: input.dtype,
    inputs: [input],
    operation: name,
    exact: false,
  });
}

/** Rounded up, but no window may begin in the padding at the end. */
function ceiled(size: Size, kernel: Size, stride: Size, padding: Size, dilation: Size): Size {
  if ([size, kernel, stride, padding, dilation].some((x) => typeof x !== "number")) return null;
  const [n, k, s, p, d] = [size, kernel, stride, padding, dilation] as number[] as [
    number,
    number,
    number,
    number,
    number,
  ];
  const count = Math.ceil((n + 2 * p - d * (k - 1) - 1) / s) + 1;
  return (count - 1) * s >= n + p ? count - 1 : count;
}

function toSize(g: Given, m: Machine, axes: number, how: "mean" | "max"): TensorValue {
  const input = g.tensor("input");
  if (dimsOf(input) === null) return ofUnknownRank(input, `adaptive_${how}_pool`);
  const { batch, channels, space } = parted(dimsOfRank(m, input, axes + 2), axes);
  const wanted = outputSize(m, g.need("output_size"), axes, space);
  const whole = wanted.every((size) => size === 1);
  return result({
    framework: "torch",
    shape: fixedShape([...batch, channels, ...wanted]),
    dtype: input.dtype,
    inputs: [input],
    operation: `adaptive_${how}_pool`,
    exact: false,
    compute: whole
      ? ([data], out, dtype) => pooledWhole(data!, sizeOf(out), how, arrayOf(dtype, sizeOf(out)))
      : undefined,
  });
}

/** None keeps the size of its axis. */
function outputSize(m: Machine, value: Value, axes: number, space: readonly Size[]): readonly Size[] {
  if (value.kind !== "tuple" && value.kind !== "list") return perAxis(m, value, axes)!;
  const items = m.iterate(value)?.items ?? [];
  const sizes = items.length === 1 ? new Array<Value>(axes).fill(items[0]!) : items;
  return sizes.map((item, axis) => (item.kind === "none" ? space[axis]! : perAxis(m, item, 1)![0]!));
}

function pooledWhole(data: NumberArray, count: number, how: "mean" | "max", out: NumberArray): NumberArray {
  const width = data.length / count;
  for (let at = 0; at < count; at++) {
    let total = how === "max" ? Number.NEGATIVE_INFINITY : 0;
    for (let k = 0; k < width; k++)
      total = how === "max" ? Math.max(total, data[at * width + k]!) : total + data[at * width + k]!;
    out[at] = how === "max" ? total : total / width;
  }
  return out;
}
