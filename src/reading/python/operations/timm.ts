import { type Machine, unclear } from "../run/machine.ts";
import { none, string, tuple, type Value } from "../run/values.ts";
import { type Operation, operation } from "./operation.ts";

const homes = [
  "timm.layers",
  "timm.models.layers",
  "timm.models.layers.helpers",
  "timm.layers.helpers",
  "timm.models.layers.weight_init",
  "timm.models.layers.drop",
  "timm.layers.drop",
];

function spelled(name: string): string {
  return homes.map((home) => `${home}.${name}`).join(" ");
}

/** `to_2tuple(7)` is `(7, 7)`; what can be iterated over stays. */
function repeated(m: Machine, value: Value, times: number): Value {
  if (value.kind === "unknown" && value.type === undefined) unclear(value.why.code, value.why.args);
  const isSequence =
    value.kind !== "string" && (value.kind === "list" || value.kind === "tuple" || value.kind === "range");
  void m;
  return isSequence
    ? value.kind === "list"
      ? tuple(value.items)
      : value
    : tuple(Array.from({ length: times }, () => value));
}

/** The few helpers of timm that vision models are written with. */
export const timm: readonly Operation[] = [
  ...[1, 2, 3, 4].map((times) =>
    operation(spelled(`to_${times}tuple`), "x", (g, m) => repeated(m, g.need("x"), times)),
  ),
  operation(
    `${spelled("make_divisible")} ${spelled("_make_divisible")}`,
    "v, divisor?, min_value?, round_limit?",
    (g) => {
      const [v, divisor] = [g.number("v", 0), g.number("divisor", 8)];
      if (v === null || divisor === null || g.get("min_value")) unclear("python.symbolicNumber", undefined, "int");
      const rounded = Math.max(divisor, Math.floor((v + divisor / 2) / divisor) * divisor);
      return { kind: "int", value: rounded < (g.number("round_limit", 0.9) ?? 0.9) * v ? rounded + divisor : rounded };
    },
  ),
  ...homes.flatMap((home) => [
    operation(`${home}.DropPath`, "drop_prob?, scale_by_keep?", (g, m) =>
      m.call(
        { kind: "library", path: "torch.nn.Dropout" },
        { positional: [g.get("drop_prob") ?? { kind: "float", value: 0 }], named: new Map(), open: false, at: null },
      ),
    ),
  ]),
  operation(spelled("drop_path"), "x, drop_prob?, training?, scale_by_keep?", (g) => g.tensor("x")),
  operation(
    "timm.models.vision_transformer._cfg timm.models.registry.register_model timm.models.register_model",
    "*x, **more",
    (g) => {
      const [first] = g.rest;
      if (!g.path.endsWith("_cfg")) return first ?? none;
      const entries = new Map([...g.keywords].map(([key, value]) => [`s${key}`, { key: string(key) as Value, value }]));
      return { kind: "dict", entries, open: true };
    },
  ),
];
