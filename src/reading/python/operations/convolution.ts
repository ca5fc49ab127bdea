import type { DType } from "../../../tensor/dtype.ts";
import { sizeOf } from "../../../tensor/tensor.ts";
import { add, type Size } from "../run/dims.ts";
import { type Machine, raise, unclear } from "../run/machine.ts";
import { concrete, dtypeOf, fixedShape, type TensorValue } from "../run/tensorValue.ts";
import { dtypeFrom } from "./dtypes.ts";
import { arrayOf, type NumberArray, needDims, result } from "./making.ts";
import { type Given, type Operation, operation } from "./operation.ts";
import { dimsOfRank } from "./ranks.ts";
import { concludeDType, mustEqual, perAxis } from "./sizes.ts";

/** F.conv1d … conv3d and their transposes. */
export const convolutions: readonly Operation[] = [1, 2, 3].flatMap((axes) => [
  operation(
    `F.conv${axes}d torch.conv${axes}d`,
    "input, weight, bias?, stride?, padding?, dilation?, groups?",
    (g, m) => convolved(g, m, axes),
  ),
  operation(
    `F.conv_transpose${axes}d torch.conv_transpose${axes}d`,
    "input, weight, bias?, stride?, padding?, output_padding?, groups?, dilation?",
    (g, m) => transposed(g, m, axes),
  ),
]);

/** ⌊(size + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1. */
export function windows(m: Machine, size: Size, kernel: Size, stride: Size, padding: Size, dilation: Size = 1): Size {
  const reach = add(m.symbols.multiply(dilation, add(kernel, 1, -1)), 1);
  const room = add(add(size, m.symbols.multiply(2, padding)), reach, -1);
  return m.symbols.resolve(add(m.symbols.quotient(room, stride), 1));
}

interface Sizes {
  readonly stride: readonly Size[];
  readonly padding: readonly Size[];
  readonly dilation: readonly Size[];
}

function sizesOf(g: Given, m: Machine, axes: number, kernel: readonly Size[]): Sizes {
  const stride = perAxis(m, g.get("stride"), axes) ?? new Array<Size>(axes).fill(1);
  const dilation = perAxis(m, g.get("dilation"), axes) ?? new Array<Size>(axes).fill(1);
  const word = g.word("padding");
  if (word === "valid") return { stride, dilation, padding: new Array<Size>(axes).fill(0) };
  const same = (axis: number): Size =>
    m.symbols.quotient(m.symbols.multiply(dilation[axis]!, add(kernel[axis]!, 1, -1)), 2);
  if (word === "same") return { stride, dilation, padding: kernel.map((_, axis) => same(axis)) };
  return { stride, dilation, padding: perAxis(m, g.get("padding"), axes) ?? new Array<Size>(axes).fill(0) };
}

function convolved(g: Given, m: Machine, axes: number): TensorValue {
  const [input, weight, bias] = [g.tensor("input"), g.tensor("weight"), g.optionalTensor("bias")];
  const [outputs, inputs, ...kernel] = needDims(weight);
  if (kernel.length !== axes) unclear("python.unknownRank");
  const groups = g.get("groups") ? g.size("groups") : 1;
  concludeDType(m, input, dtypeOf(weight));
  const sizes = sizesOf(g, m, axes, kernel);
  const dims = dimsOfRank(m, input, axes + 2);
  const { batch, channels, space } = parted(dims, axes);
  mustEqual(m, channels, m.symbols.multiply(inputs!, groups), "conv", [dims, needDims(weight)]);
  const even = g.word("padding") === "same";
  const out = space.map((size, axis) =>
    even ? size : windows(m, size, kernel[axis]!, sizes.stride[axis]!, sizes.padding[axis]!, sizes.dilation[axis]!),
  );
  if (out.some((size) => typeof size === "number" && size <= 0))
    raise("RuntimeError", "python.sizes", { what: "conv", a: String(space), b: String(kernel), shapes: [] });
  const shape = [...batch, outputs!, ...out];
  const plan = planOf(dims, needDims(weight), sizes, groups, axes);
  const total = concrete(shape);
  const cost = plan && total ? sizeOf(total) * sizeOf(plan.weight.slice(1)) : Number.POSITIVE_INFINITY;
  const oddSame = even && plan?.weight.slice(2).some((k, axis) => ((k - 1) * plan.dilation[axis]!) % 2 !== 0);
  return result({
    framework: "torch",
    shape: fixedShape(shape),
    dtype: dtypeFrom(() => dtypeOf(weight) ?? dtypeOf(input)),
    inputs: bias ? [input, weight, bias] : [input, weight],
    operation: `conv${axes}d`,
    exact: false,
    work: cost,
    compute: plan && !oddSame ? ([x, w, b], to, dtype) => slide(x!, w!, b, to, plan, dtype) : undefined,
  });
}

/** `[…, channels, …space]` with or without a batch. */
export function parted(
  dims: readonly Size[],
  axes: number,
): { batch: readonly Size[]; channels: Size; space: readonly Size[] } {
  if (dims.length !== axes + 1 && dims.length !== axes + 2)
    raise("RuntimeError", "python.rank", { expected: axes + 2, rank: dims.length });
  const at = dims.length - axes - 1;
  return { batch: dims.slice(0, at), channels: dims[at]!, space: dims.slice(at + 1) };
}

interface Plan {
  readonly input: readonly number[];
  readonly weight: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
  readonly axes: number;
}

function planOf(
  input: readonly Size[],
  weight: readonly Size[],
  sizes: Sizes,
  groups: Size,
  axes: number,
): Plan | null {
  const [a, b, stride, padding, dilation] = [input, weight, sizes.stride, sizes.padding, sizes.dilation].map(concrete);
  return a && b && stride && padding && dilation && typeof groups === "number"
    ? { input: a, weight: b, stride, padding, dilation, groups, axes }
    : null;
}

/** Direct sums: for each output place, over the channels of its group and the kernel. */
function slide(
  x: NumberArray,
  w: NumberArray,
  bias: NumberArray | undefined,
  out: readonly number[],
  plan: Plan,
  dtype: DType,
): NumberArray {
  const { axes, groups } = plan;
  const space = plan.input.slice(-axes);
  const kernel = plan.weight.slice(2);
  const places = out.slice(-axes);
  const [area, spots, taps] = [sizeOf(space), sizeOf(places), sizeOf(kernel)];
  const [outputs, perGroup] = [plan.weight[0]!, plan.weight[1]!];
  const batch = x.length / (area * perGroup * groups);
  const result = arrayOf(dtype, batch * outputs * spots);
  const reach = tapOffsets(space, kernel, places, plan);
  for (let n = 0; n < batch; n++) {
    for (let o = 0; o < outputs; o++) {
      const first = (n * groups + Math.floor(o / (outputs / groups))) * perGroup;
      for (let spot = 0; spot < spots; spot++) {
        let sum = bias ? bias[o]! : 0;
        for (let c = 0; c < perGroup; c++) {
          for (let tap = 0; tap < taps; tap++) {
            const at = reach[spot * taps + tap]!;
            if (at >= 0) sum += x[(first + c) * area + at]! * w[(o * perGroup + c) * taps + tap]!;
          }
        }
        result[(n * outputs + o) * spots + spot] = sum;
      }
    }
  }
  return result;
}

/** For each output place and kernel tap, where in the plane of one channel it reads; −1: in the padding. */
function tapOffsets(
  space: readonly number[],
  kernel: readonly number[],
  places: readonly number[],
  plan: Plan,
): Int32Array {
  const [spots, taps] = [sizeOf(places), sizeOf(kernel)];
  const offsets = new Int32Array(spots * taps);
  for (let spot = 0; spot < spots; spot++) {
    for (let tap = 0; tap < taps; tap++) {
      let [left, right, at, stride] = [spot, tap, 0, 1];
      for (let axis = space.length - 1; axis >= 0; axis--) {
        const place =
          (left % places[axis]!) * plan.stride[axis]! -
          plan.padding[axis]! +
          (right % kernel[axis]!) * plan.dilation[axis]!;
        if (place < 0 || place >= space[axis]!) at = Number.NEGATIVE_INFINITY;
        at += place * stride;
        stride *= space[axis]!;
        left = Math.floor(left / places[axis]!);
        right = Math.floor(right / kernel[axis]!);
      }
      offsets[spot * taps + tap] = at >= 0 ? at : -1;
    }
  }
  return offsets;
}

/** (size − 1)·stride − 2·padding + dilation·(kernel − 1) + output_padding + 1. */
function transposed(g: Given, m: Machine, axes: number): TensorValue {
  const [input, weight, bias] = [g.tensor("input"), g.tensor("weight"), g.optionalTensor("bias")];
  const [inputs, outputs, ...kernel] = needDims(weight);
  concludeDType(m, input, dtypeOf(weight));
  const sizes = sizesOf(g, m, axes, kernel);
  const more = perAxis(m, g.get("output_padding"), axes) ?? new Array<Size>(axes).fill(0);
  const { batch, channels, space } = parted(dimsOfRank(m, input, axes + 2), axes);
  mustEqual(m, channels, inputs!, "conv_transpose", [needDims(input), needDims(weight)]);
  const out = space.map((size, axis) => {
    const spread = m.symbols.multiply(add(size, 1, -1), sizes.stride[axis]!);
    const reach = m.symbols.multiply(sizes.dilation[axis]!, add(kernel[axis]!, 1, -1));
    const room = add(add(spread, m.symbols.multiply(2, sizes.padding[axis]!), -1), reach);
    return m.symbols.resolve(add(add(room, more[axis]!), 1));
  });
  const groups = g.get("groups") ? g.size("groups") : 1;
  return result({
    framework: "torch",
    shape: fixedShape([...batch, m.symbols.multiply(outputs!, groups), ...out]),
    dtype: dtypeFrom(() => dtypeOf(weight) ?? dtypeOf(input)),
    inputs: bias ? [input, weight, bias] : [input, weight],
    operation: `conv_transpose${axes}d`,
    exact: false,
  });
}
