import type { Size } from "../run/dims.ts";
import type { Machine } from "../run/machine.ts";
import {
  blankTensor,
  type DTypeCell,
  dimsOf,
  fixedDType,
  type fixedShape,
  type TensorValue,
} from "../run/tensorValue.ts";
import { args, float, type InstanceValue, library, type Value } from "../run/values.ts";
import { broadcastShapes } from "./broadcast.ts";
import { shapeArgument } from "./constructors.ts";
import { unmodelled } from "./draws.ts";
import { needDims, result, shapeFrom } from "./making.ts";
import { type Given, type Operation, operation } from "./operation.ts";

const path = "torch.distributions";

interface Kind {
  readonly name: string;
  readonly signature: string;
  /** The parameter that tells the batch, and whether its last axis is that of the events. */
  readonly parameters: readonly string[];
  readonly categories: boolean;
  readonly integers: boolean;
}

const kinds: readonly Kind[] = [
  {
    name: "Categorical",
    signature: "probs?, logits?",
    parameters: ["probs", "logits"],
    categories: true,
    integers: true,
  },
  {
    name: "Bernoulli",
    signature: "probs?, logits?",
    parameters: ["probs", "logits"],
    categories: false,
    integers: false,
  },
  { name: "Normal", signature: "loc, scale", parameters: ["loc", "scale"], categories: false, integers: false },
  { name: "Uniform", signature: "low, high", parameters: ["low", "high"], categories: false, integers: false },
];

/** torch.distributions: shapes and dtypes; what is drawn is not modelled. */
export const distributions: readonly Operation[] = kinds.flatMap((kind) => {
  const type = `${path}.${kind.name}`;
  return [
    operation(`${type} ${path}.${kind.name.toLowerCase()}.${kind.name}`, `${kind.signature}, validate_args?`, (g, m) =>
      made(
        type,
        m,
        kind.parameters.flatMap((name) => g.get(name) ?? []),
      ),
    ),
    operation(`${type}.sample ${type}.rsample`, "self, sample_shape?", (g, m) => {
      const like = likeOf(g);
      const dims = dimsOf(like) && batch(kind, needDims(like));
      const asked = g.get("sample_shape") ? shapeArgument(m, [g.need("sample_shape")]) : [];
      const why = unmodelled(m, m.randoms.torch, g.path);
      return blankTensor("torch", asked && dims && [...asked, ...dims], dtypeOfEvents(kind, like), why);
    }),
    operation(`${type}.log_prob`, "self, value", (g, m) => {
      const [like, value] = [likeOf(g), g.tensor("value")];
      return told(
        [like, value],
        shapeFrom([like, value], ([own, given]) => broadcastShapes(m.symbols, [batch(kind, own!), given!])),
      );
    }),
    operation(`${type}.entropy`, "self", (g) => {
      const like = likeOf(g);
      return told(
        [like],
        shapeFrom([like], ([own]) => batch(kind, own!)),
      );
    }),
  ];
});

/** A distribution keeps a tensor of the shape of all its parameters together. */
function made(type: string, m: Machine, parameters: readonly Value[]): InstanceValue {
  const tensors = parameters.map((p) => (p.kind === "tensor" ? p : m.operate("torch.tensor", args([toFloat(p)]))));
  const like = tensors.reduce((all, t) => m.binary("+", all, t));
  return { kind: "instance", type: library(type), attributes: new Map([["like", like]]), data: {}, open: true };
}

function toFloat(value: Value): Value {
  return value.kind === "int" ? float(Number(value.value)) : value;
}

function likeOf(g: Given): TensorValue {
  const self = g.need("self");
  const like = self.kind === "instance" ? self.attributes.get("like") : undefined;
  return like?.kind === "tensor" ? like : g.tensor("self");
}

function batch(kind: Kind, dims: readonly Size[]): readonly Size[] {
  return kind.categories ? dims.slice(0, -1) : dims;
}

function dtypeOfEvents(kind: Kind, like: TensorValue): DTypeCell {
  return kind.integers ? fixedDType("int64") : like.dtype;
}

function told(inputs: readonly TensorValue[], shape: ReturnType<typeof fixedShape>): TensorValue {
  return result({
    framework: "torch",
    shape,
    dtype: inputs[0]!.dtype,
    inputs,
    operation: "distribution",
    exact: false,
  });
}
