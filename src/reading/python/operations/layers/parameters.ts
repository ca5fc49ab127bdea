import { type DType, storage } from "../../../../tensor/dtype.ts";
import { sizeOf } from "../../../../tensor/tensor.ts";
import { filled } from "../../random/fillParameters.ts";
import type { Filling } from "../../random/initialFilling.ts";
import type { InitialParameter } from "../../random/moduleParameters.ts";
import type { TorchGenerator } from "../../random/torchGenerator.ts";
import { type Content, lazily } from "../../run/buffer.ts";
import { isPolynomial, type Size } from "../../run/dims.ts";
import { type Machine, unclear } from "../../run/machine.ts";
import { blankTensor, fixedDType, type TensorValue } from "../../run/tensorValue.ts";
import { type InstanceValue, library, none, type Value } from "../../run/values.ts";
import { dtypeArgument } from "../constructors.ts";
import { drawnContent, seededTensor, unmodelled, whyUnknown } from "../draws.ts";
import type { NumberArray } from "../making.ts";
import type { Given } from "../operation.ts";

/** The module that a method of `torch.nn` is called on. */
export function moduleOf(g: Given, name = "self"): InstanceValue {
  const self = g.need(name);
  if (self.kind !== "instance") return unclear("python.notModule", { kind: self.kind });
  return self;
}

/** Something that a layer's constructor has set; unclear where it has not run as known. */
export function partOf(self: InstanceValue, name: string): Value {
  return self.attributes.get(name) ?? unclear("python.unknownAttribute", { name });
}

/** A parameter or buffer of a layer; undefined where it is None. */
export function tensorPart(self: InstanceValue, name: string): TensorValue | undefined {
  const part = partOf(self, name);
  if (part.kind === "none") return undefined;
  return part.kind === "tensor" ? part : unclear("python.notTensor", { name, kind: part.kind });
}

/** Whether a layer has a bias; null where the code does not tell. */
export function hasBias(g: Given): boolean | null {
  return g.get("bias")?.kind === "unknown" ? null : g.flag("bias", true);
}

/** The bias of a layer whose other parameters are known: None before it is made, unknown where it may be None for good. */
export function biasBefore(g: Given): Value {
  const bias = g.get("bias");
  return bias?.kind === "unknown" ? bias : none;
}

/** What a layer gives by its parameters; whether a bias that may be there is added or not says nothing of the shape. */
export function withBias(self: InstanceValue, give: (bias: Value) => Value): Value {
  const bias = partOf(self, "bias");
  if (bias.kind !== "unknown") return give(bias);
  const output = give(none);
  return output.kind === "tensor" ? { ...output, view: null, origin: "unknown", why: bias.why } : output;
}

export function setPart(m: Machine, self: InstanceValue, name: string, value: Value): void {
  m.state.setKey(self.attributes, name, value);
}

/** A part of a layer by the name that `state_dict` gives it: `out_proj.weight`. */
function setDeep(m: Machine, self: InstanceValue, path: string, value: Value): void {
  const [first, ...rest] = path.split(".") as [string, ...string[]];
  const inner = self.attributes.get(first);
  if (rest.length === 0) {
    // It comes after those that were made before it, even where None kept its place.
    if (inner?.kind === "none") m.state.deleteKey(self.attributes, first);
    setPart(m, self, first, value);
  } else if (inner?.kind === "instance") setDeep(m, inner, rest.join("."), value);
}

/** A sub-layer that holds parameters, such as `out_proj`. */
export function addLayer(
  m: Machine,
  self: InstanceValue,
  name: string,
  path: string,
  parts: Readonly<Record<string, Value>> = {},
): InstanceValue {
  const layer: InstanceValue = {
    kind: "instance",
    type: library(path),
    attributes: new Map(Object.entries(parts)),
    data: {},
    open: false,
  };
  setPart(m, self, name, layer);
  return layer;
}

/** The dtype of a layer's parameters: its `dtype` argument or float32. */
export function layerDType(g: Given): DType | null {
  const wanted = dtypeArgument(g.get("dtype"), "torch");
  return wanted === "open" ? null : (wanted ?? "float32");
}

/** A size that a constructor was given. */
export function sizeArgument(g: Given, name: string): Size {
  const value = g.need(name);
  return value.kind === "int" ? Number(value.value) : value.kind === "symbol" ? value.size : null;
}

/** The same; where nobody calls, a size that is not known is called by the argument's name. */
export function namedSize(g: Given, m: Machine, name: string): Size {
  return sizeArgument(g, name) ?? (m.symbolic ? m.symbols.fresh(name) : null);
}

export function allNumbers(sizes: readonly Size[]): sizes is readonly number[] {
  return sizes.every((size) => typeof size === "number");
}

/**
 * Makes a layer's parameters: of these names and sizes; `initial` says, in order, how the constructor fills them. Without
 * it, because a size is not known, nobody knows what is drawn from there on.
 */
export function addParameters(
  m: Machine,
  self: InstanceValue,
  call: string,
  shapes: readonly (readonly [string, readonly Size[]])[],
  initial: readonly InitialParameter[] | null,
  dtype: DType | null,
): void {
  const contents = initial ? drawnParameters(m, initial, dtype, call) : null;
  if (!contents) unmodelled(m, m.randoms.torch, call);
  for (const [name, dims] of shapes)
    setDeep(m, self, name, parameterTensor(m, dims, dtype, contents?.get(name) ?? null));
}

/** For each name its elements; null where they are not known. */
function drawnParameters(
  m: Machine,
  initial: readonly InitialParameter[],
  dtype: DType | null,
  call: string,
): Map<string, Content | null> {
  const contents = new Map<string, Content | null>();
  for (const { name, shape, filling, zeroRow } of initial) {
    const arrange =
      zeroRow === undefined
        ? undefined
        : (data: NumberArray) => data.fill(0, zeroRow * shape[1]!, (zeroRow + 1) * shape[1]!);
    contents.set(name, contentOfFilling(m, filling, shape, dtype, call, arrange));
  }
  return contents;
}

/** Elements as a filling makes them, drawn from PyTorch's stream where it draws. */
export function contentOfFilling(
  m: Machine,
  filling: Filling,
  shape: readonly number[],
  dtype: DType | null,
  call: string,
  arrange?: (data: NumberArray) => NumberArray,
): Content | null {
  if (filling.kind === "constant") {
    const length = sizeOf(shape);
    return lazily(length, [], () => (storage("float64", length) as Float64Array).fill(filling.value));
  }
  const drawable = dtype === "float32" || dtype === "float64";
  const from = drawable ? (r: TorchGenerator, d: Parameters<typeof filled>[2]) => filled(r, filling, d) : undefined;
  return drawnContent<TorchGenerator>(
    m,
    { framework: "torch", dims: shape, dtype, stream: m.randoms.torch, call, exact: true, from },
    shape,
    arrange,
  );
}

function parameterTensor(m: Machine, dims: readonly Size[], dtype: DType | null, content: Content | null): TensorValue {
  const exact = dtype !== "float64";
  const made =
    content && allNumbers(dims)
      ? seededTensor({ framework: "torch", dtype, exact }, dims, content)
      : blankTensor(
          "torch",
          dims.map((d) => (isPolynomial(d) ? m.symbols.resolve(d) : d)),
          fixedDType(dtype),
          whyUnknown(m.randoms.torch),
        );
  made.parameter = made.requiresGrad = true;
  return made;
}
