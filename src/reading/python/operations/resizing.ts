import { rowMajor } from "../../../tensor/tensor.ts";
import { add, type Size } from "../run/dims.ts";
import { type Machine, raise, unclear } from "../run/machine.ts";
import { numeric, sizeOfValue } from "../run/scalars.ts";
import { dimsOf, fixedShape, type TensorValue, walk } from "../run/tensorValue.ts";
import type { Value } from "../run/values.ts";
import { parted, windows } from "./convolution.ts";
import { arrayOf, needDims, result, shapeFrom } from "./making.ts";
import { type Given, type Operation, operation } from "./operation.ts";
import { dimsOfRank, tell } from "./ranks.ts";
import { perAxis } from "./sizes.ts";

/** F.pad, unfold, fold, interpolate, pixel_shuffle. */
export const resizing: readonly Operation[] = [
  operation("F.pad torch.constant_pad_nd", "input, pad, mode?, value?", padded),
  operation("F.unfold", "input, kernel_size, dilation?, padding?, stride?", unfolded),
  operation("F.fold", "input, output_size, kernel_size, dilation?, padding?, stride?", folded),
  operation(
    "F.interpolate F.upsample F.upsample_bilinear F.upsample_nearest",
    "input, size?, scale_factor?, mode?, align_corners?, recompute_scale_factor?, antialias?",
    interpolated,
  ),
  operation("F.pixel_shuffle torch.pixel_shuffle", "input, upscale_factor", (g, m) => {
    const [input, factor] = [g.tensor("input"), g.size("upscale_factor")];
    const dims = needDims(input);
    const [channels, height, width] = dims.slice(-3) as [Size, Size, Size];
    const shape = [
      ...dims.slice(0, -3),
      m.symbols.quotient(channels, m.symbols.multiply(factor, factor)),
      m.symbols.multiply(height, factor),
      m.symbols.multiply(width, factor),
    ];
    return result({
      framework: "torch",
      shape: fixedShape(shape),
      dtype: input.dtype,
      inputs: [input],
      operation: "pixel_shuffle",
      exact: true,
    });
  }),
  operation("F.pixel_unshuffle torch.pixel_unshuffle", "input, downscale_factor", (g, m) => {
    const [input, factor] = [g.tensor("input"), g.size("downscale_factor")];
    const dims = needDims(input);
    const [channels, height, width] = dims.slice(-3) as [Size, Size, Size];
    const shape = [
      ...dims.slice(0, -3),
      m.symbols.multiply(channels, m.symbols.multiply(factor, factor)),
      m.symbols.quotient(height, factor),
      m.symbols.quotient(width, factor),
    ];
    return result({
      framework: "torch",
      shape: fixedShape(shape),
      dtype: input.dtype,
      inputs: [input],
      operation: "pixel_unshuffle",
      exact: true,
    });
  }),
];

/** `pad` names amounts from the last axis on: (left, right, top, bottom, …); negative ones cut. */
function padded(g: Given, m: Machine): TensorValue {
  const input = g.tensor("input");
  const amounts = amountsOf(m, g.need("pad"));
  const dims = dimsOf(input);
  if (!dims) return paddedLater(m, input, amounts);
  const [before, after] = [0, 1].map((side) =>
    dims.map((_, axis) => amounts[2 * (dims.length - 1 - axis) + side] ?? 0),
  ) as [Size[], Size[]];
  const shape = dims.map((size, axis) => m.symbols.resolve(add(add(size, before[axis]!), after[axis]!)));
  const mode = g.word("mode") ?? "constant";
  const value = g.get("value") ? numeric(g.need("value")) : 0;
  const known = mode === "constant" && value !== null && [...before, ...after].every((n) => typeof n === "number");
  return result({
    framework: "torch",
    shape: fixedShape(shape),
    dtype: input.dtype,
    inputs: [input],
    operation: "pad",
    exact: true,
    compute: known
      ? ([data], out, dtype) => {
          const result = arrayOf(
            dtype,
            out.reduce((n, d) => n * d, 1),
          ).fill(value!);
          const strides = rowMajor(out);
          const offset = strides.reduce((at, stride, axis) => at + stride * (before[axis] as number), 0);
          if ([...before, ...after].some((n) => (n as number) < 0)) return null;
          walk(dims as readonly number[], strides, offset, (flat, at) => {
            result[at] = data![flat]!;
          });
          return result;
        }
      : undefined,
  });
}

/** Of unknown rank: the last axes grow when they are known. */
function paddedLater(m: Machine, input: TensorValue, amounts: readonly Size[]): TensorValue {
  const grown = (dims: readonly Size[], sign: 1 | -1): Size[] =>
    dims.map((size, axis) => {
      const at = 2 * (dims.length - 1 - axis);
      const more = add(amounts[at] ?? 0, amounts[at + 1] ?? 0);
      return m.symbols.resolve(add(size, more, sign));
    });
  const made = result({
    framework: "torch",
    shape: shapeFrom([input], ([dims]) => grown(dims!, 1)),
    dtype: input.dtype,
    inputs: [input],
    operation: "pad",
    exact: true,
  });
  made.shape.follow = (dims) => tell(input, grown(dims, -1), m);
  return made;
}

function amountsOf(m: Machine, value: Value): Size[] {
  const inside = value.kind === "unknown" ? null : m.iterate(value);
  if (!inside || inside.open) return unclear("python.unknownRank");
  return inside.items.map(sizeOfValue);
}

/** `[batch, channels, …space]` → `[batch, channels·∏kernel, windows]`. */
function unfolded(g: Given, m: Machine): TensorValue {
  const input = g.tensor("input");
  const { batch, channels, space } = parted(dimsOfRank(m, input, 4), 2);
  const kernel = perAxis(m, g.get("kernel_size"), 2)!;
  const [stride, padding, dilation] = (["stride", "padding", "dilation"] as const).map(
    (name) => perAxis(m, g.get(name), 2) ?? [name === "padding" ? 0 : 1, name === "padding" ? 0 : 1],
  ) as [Size[], Size[], Size[]];
  const count = m.symbols.product(
    space.map((size, axis) => windows(m, size, kernel[axis]!, stride[axis]!, padding[axis]!, dilation[axis]!)),
  );
  const shape = [...batch, m.symbols.multiply(channels, m.symbols.product(kernel)), count];
  return result({
    framework: "torch",
    shape: fixedShape(shape),
    dtype: input.dtype,
    inputs: [input],
    operation: "unfold",
    exact: true,
  });
}

function folded(g: Given, m: Machine): TensorValue {
  const input = g.tensor("input");
  const dims = dimsOfRank(m, input, 3);
  const [size, kernel] = [perAxis(m, g.get("output_size"), 2)!, perAxis(m, g.get("kernel_size"), 2)!];
  const channels = m.symbols.quotient(dims.at(-2) ?? null, m.symbols.product(kernel));
  return result({
    framework: "torch",
    shape: fixedShape([...dims.slice(0, -2), channels, ...size]),
    dtype: input.dtype,
    inputs: [input],
    operation: "fold",
    exact: false,
  });
}

function interpolated(g: Given, m: Machine): TensorValue {
  const input = g.tensor("input");
  const dims = dimsOfRank(m, input, g.word("mode")?.startsWith("tri") ? 5 : 4);
  const axes = dims.length - 2;
  if (axes < 1) raise("ValueError", "python.rank", { expected: 3, rank: dims.length });
  const size = perAxis(m, g.get("size"), axes);
  const space = size ?? scaled(m, g.need("scale_factor"), dims.slice(2));
  return result({
    framework: "torch",
    shape: fixedShape([...dims.slice(0, 2), ...space]),
    dtype: input.dtype,
    inputs: [input],
    operation: "interpolate",
    exact: false,
  });
}

function scaled(m: Machine, factor: Value, space: readonly Size[]): readonly Size[] {
  const each =
    factor.kind === "tuple" || factor.kind === "list" ? factor.items : new Array<Value>(space.length).fill(factor);
  return space.map((size, axis) => {
    const by = each[axis]!;
    if (by.kind === "int" || by.kind === "symbol") return m.symbols.multiply(size, sizeOfValue(by));
    const number = numeric(by);
    return typeof size === "number" && number !== null ? Math.floor(size * number) : null;
  });
}
