import { isFloat } from "../../../tensor/dtype.ts";
import { isModule } from "../run/classes.ts";
import type { Machine } from "../run/machine.ts";
import { sizeValue } from "../run/scalars.ts";
import { dimsOf, dtypeOf, type TensorValue } from "../run/tensorValue.ts";
import {
  args,
  bool,
  type InstanceValue,
  int,
  library,
  none,
  string,
  tuple,
  unknown,
  type Value,
} from "../run/values.ts";

/** Attributes that are neither methods nor set by the program. */
export function property(object: Value, name: string, m: Machine): Value | undefined {
  if (object.kind === "tensor") return ofTensor(object, name, m);
  if (object.kind === "instance") return ofInstance(object, name);
  if (object.kind === "device")
    return name === "type"
      ? object.name === "?"
        ? unknown("python.device", undefined, "string")
        : string(object.name.split(":")[0]!)
      : undefined;
  if (object.kind === "dtype" && name === "is_floating_point") return bool(isFloat(object.dtype));
  if (object.kind === "float" || object.kind === "int") return name === "real" ? object : undefined;
  return undefined;
}

/** `x.shape`: its sizes, or, where not even the rank is known, something that tells it when it is unpacked. */
export function shapeOf(t: TensorValue): Value {
  const dims = dimsOf(t);
  return { ...tuple(dims ? dims.map(sizeValue) : []), sizesOf: t, open: dims === null };
}

function ofTensor(t: TensorValue, name: string, m: Machine): Value | undefined {
  switch (name) {
    case "shape":
      return shapeOf(t);
    case "ndim":
      return rank(t);
    case "size":
      return t.framework === "numpy" || t.framework === "jax" ? count(t, m) : undefined;
    case "dtype": {
      const dtype = dtypeOf(t);
      return dtype
        ? { kind: "dtype", framework: t.framework, dtype }
        : unknown("python.unknownDType", undefined, "other");
    }
    case "T":
      return m.operate("tensor.T", args([t]));
    case "mT":
    case "H":
    case "mH":
      return m.operate("torch.Tensor.mT", args([t]));
    case "data":
      return m.operate("torch.Tensor.detach", args([t]));
    case "device":
      return { kind: "device", name: t.framework === "torch" ? "cpu" : "?" };
    case "requires_grad":
      return bool(t.requiresGrad);
    case "grad":
      return t.grad ?? none;
    case "is_cuda":
    case "is_sparse":
    case "is_quantized":
      return bool(false);
    case "is_leaf":
      return unknown("python.undecided", undefined, "bool");
    case "grad_fn":
      return unknown("python.outside", undefined, "other");
    case "real":
      return m.operate("torch.real", args([t]));
    case "imag":
      return m.operate("torch.imag", args([t]));
    case "flat":
      return {
        kind: "instance",
        type: library("numpy.flatiter"),
        attributes: new Map([["array", m.operate("numpy.ravel", args([t]))]]),
        data: {},
        open: false,
      };
    case "itemsize":
    case "nbytes":
    case "strides":
      return unknown("python.unsupported", { what: name }, "other");
    case "at":
      return t.framework === "jax" ? unknown("python.unsupported", { what: "at" }) : undefined;
    default:
      return undefined;
  }
}

function rank(t: TensorValue): Value {
  const dims = dimsOf(t);
  return dims ? int(dims.length) : unknown("python.unknownRank", undefined, "int");
}

function count(t: TensorValue, m: Machine): Value {
  const dims = dimsOf(t);
  return dims ? sizeValue(m.symbols.product(dims)) : unknown("python.unknownRank", undefined, "int");
}

function ofInstance(object: InstanceValue, name: string): Value | undefined {
  if (!isModule(object)) return undefined;
  if (name === "training") return bool(true);
  if (name === "_modules") return partsOf(object, isModule);
  if (name === "_parameters") return partsOf(object, (part) => part.kind === "tensor" && part.parameter);
  if (name === "_buffers") return { kind: "dict", entries: new Map(), open: true };
  if (name === "device" || name === "dtype") return unknown("python.unknownAttribute", { name }, "other");
  return undefined;
}

/** The attributes of one kind by name, in the order in which they were set. */
function partsOf(object: InstanceValue, test: (part: Value) => boolean): Value {
  const entries = new Map<string, { key: Value; value: Value }>();
  for (const [name, part] of object.attributes)
    if (test(part)) entries.set(`s${name}`, { key: string(name), value: part });
  return { kind: "dict", entries, open: object.open };
}
