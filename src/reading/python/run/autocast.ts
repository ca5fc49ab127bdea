import { message } from "../../../tensor/message.ts";
import { dtypeOf, fixedDType, type TensorValue } from "./tensorValue.ts";
import type { Args, Value } from "./values.ts";

/** Methods that say which type they give. */
const converting = /\.(float|half|double|bfloat16|to|type|type_as)$/;

/**
 * What an operation gives under PyTorch's autocast: products are of bfloat16 there, sums and softmax of this or that, by the
 * version. So what is computed from tensors is of a type that is not told, unless it is no float32 or shares its elements with one of them.
 */
export function underAutocast(path: string, args: Args, value: Value): Value {
  if (value.kind !== "tensor" || value.framework !== "torch" || converting.test(path) || args.named.has("dtype"))
    return value;
  const given = [...args.positional, ...args.named.values(), ...(value.by?.inputs ?? [])];
  const operands = given.filter((each): each is TensorValue => each.kind === "tensor");
  const dtype = dtypeOf(value);
  if (operands.length === 0 || (dtype !== null && dtype !== "float32")) return value;
  if (operands.some((each) => each === value || (each.view !== null && each.view.store === value.view?.store)))
    return value;
  return { ...value, dtype: fixedDType(null), origin: "unknown", exact: false, why: message("python.autocast") };
}
