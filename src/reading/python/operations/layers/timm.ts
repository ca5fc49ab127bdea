import type { Machine } from "../../run/machine.ts";
import {
  type BuiltinValue,
  bool,
  float,
  type InstanceValue,
  library,
  none,
  tuple,
  type Value,
} from "../../run/values.ts";
import { type Operation, operation } from "../operation.ts";
import { dropped } from "./dropout.ts";
import { moduleOf, partOf, setPart } from "./parameters.ts";

const homes = [
  "timm.layers",
  "timm.models.layers",
  "timm.models.layers.helpers",
  "timm.models.layers.drop",
  "timm.layers.helpers",
  "timm.layers.drop",
];

function everywhere(name: string): string {
  return homes.map((home) => `${home}.${name}`).join(" ");
}

/** What vision code borrows from the library timm. */
export const timm: readonly Operation[] = [
  ...[1, 2, 3, 4].map((count) =>
    operation(everywhere(`to_${count}tuple`), "x", (g, m) => repeated(m, g.need("x"), count)),
  ),
  operation(everywhere("to_ntuple"), "n", (g) => {
    const count = g.int("n");
    const made: BuiltinValue = {
      kind: "builtin",
      name: "to_ntuple",
      call: ({ positional }, m) => repeated(m, positional[0] ?? none, count),
    };
    return made;
  }),
  operation(everywhere("DropPath"), "drop_prob?, scale_by_keep?", (g) => {
    const attributes = new Map<string, Value>([["drop_prob", g.get("drop_prob") ?? float(0)]]);
    const made: InstanceValue = {
      kind: "instance",
      type: library("torch.nn.DropPath"),
      attributes,
      data: {},
      open: false,
    };
    return made;
  }),
  operation("nn.DropPath.__init__", "self, drop_prob?, scale_by_keep?", (g, m) => {
    setPart(m, moduleOf(g), "drop_prob", g.get("drop_prob") ?? float(0));
    return none;
  }),
  operation("nn.DropPath.forward", "self, input", (g, m) =>
    dropped(m, g.need("input"), partOf(moduleOf(g), "drop_prob"), m.truth(m.attribute(moduleOf(g), "training"))),
  ),
  operation(everywhere("drop_path"), "x, drop_prob?, training?, scale_by_keep?", (g, m) =>
    dropped(m, g.need("x"), g.get("drop_prob") ?? float(0), m.truth(g.get("training") ?? bool(false))),
  ),
  operation(
    "timm.models.registry.register_model timm.models.register_model timm.models._registry.register_model",
    "fn",
    (g) => g.need("fn"),
  ),
  operation("torchvision.ops.StochasticDepth", "p, mode", (g) => {
    const attributes = new Map<string, Value>([["drop_prob", g.need("p")]]);
    return {
      kind: "instance",
      type: library("torch.nn.DropPath"),
      attributes,
      data: {},
      open: false,
    } satisfies InstanceValue;
  }),
];

/** The value so many times; sequences stay as they are. */
function repeated(m: Machine, value: Value, count: number): Value {
  if (value.kind === "tuple") return value;
  if (value.kind === "list") return tuple(m.iterate(value)?.items ?? []);
  if (value.kind === "unknown" && value.type === undefined) return value;
  return tuple(new Array<Value>(count).fill(value));
}
