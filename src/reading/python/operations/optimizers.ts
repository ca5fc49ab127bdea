import type { Machine } from "../run/machine.ts";
import type { TensorValue } from "../run/tensorValue.ts";
import { type InstanceValue, library, list, none, unknown, type Value } from "../run/values.ts";
import { forget } from "./layers/module.ts";
import { type Operation, operation } from "./operation.ts";

const names = [
  "Adam",
  "AdamW",
  "SGD",
  "RMSprop",
  "Adagrad",
  "Adadelta",
  "Adamax",
  "NAdam",
  "RAdam",
  "ASGD",
  "LBFGS",
  "SparseAdam",
  "Adafactor",
];
const type = "torch.optim.Optimizer";

/** Optimizers: a step changes the values of their parameters, so nobody knows them afterwards. */
export const optimizers: readonly Operation[] = [
  operation(
    names.map((name) => `torch.optim.${name} torch.optim.${name.toLowerCase()}.${name}`).join(" "),
    "params, *rest, **more",
    (g, m) => {
      const made: InstanceValue = {
        kind: "instance",
        type: library(type),
        attributes: new Map(),
        data: { tensors: tensorsIn(m, g.need("params")) },
        open: true,
      };
      return made;
    },
  ),
  operation(`${type}.step`, "self, *rest, **more", (g, m) => {
    const self = g.need("self");
    if (self.kind === "instance") forget(m, self.data.tensors as TensorValue[], "step");
    return none;
  }),
  operation(`${type}.zero_grad ${type}.load_state_dict ${type}.add_param_group`, "self, *rest, **more", () => none),
  operation(`${type}.state_dict`, "self", () => unknown("python.outside", undefined, "other")),
  operation("T.backward torch.autograd.backward", "self, *rest, **more", () => none),
];

/** The tensors among parameters, or in groups of them. */
function tensorsIn(m: Machine, value: Value): TensorValue[] {
  if (value.kind === "tensor") return [value];
  if (value.kind === "dict") return tensorsIn(m, list([...value.entries.values()].map((e) => e.value)));
  if (value.kind !== "list" && value.kind !== "tuple" && value.kind !== "iterator") return [];
  return (m.iterate(value)?.items ?? []).flatMap((item) => tensorsIn(m, item));
}
