import { args, bool, int, none, type Value } from "../../run/values.ts";
import { type Operation, operation } from "../operation.ts";
import { moduleOf, partOf, setPart } from "./parameters.ts";

type Kept = readonly (readonly [string, Value])[];

/** Layers that hold the arguments of one function: class, function, parameters without default, parameters with one. */
const table: readonly (readonly [string, string, readonly string[], Kept])[] = [
  ...[1, 2, 3].flatMap((axes) => [
    [
      `MaxPool${axes}d`,
      `max_pool${axes}d`,
      ["kernel_size"],
      [
        ["stride", none],
        ["padding", int(0)],
        ["dilation", int(1)],
        ["return_indices", bool(false)],
        ["ceil_mode", bool(false)],
      ],
    ] as const,
    [
      `AvgPool${axes}d`,
      `avg_pool${axes}d`,
      ["kernel_size"],
      [
        ["stride", none],
        ["padding", int(0)],
        ["ceil_mode", bool(false)],
      ],
    ] as const,
    [`AdaptiveAvgPool${axes}d`, `adaptive_avg_pool${axes}d`, ["output_size"], []] as const,
    [
      `AdaptiveMaxPool${axes}d`,
      `adaptive_max_pool${axes}d`,
      ["output_size"],
      [["return_indices", bool(false)]],
    ] as const,
  ]),
  [
    "Unfold",
    "unfold",
    ["kernel_size"],
    [
      ["dilation", int(1)],
      ["padding", int(0)],
      ["stride", int(1)],
    ],
  ],
  [
    "Fold",
    "fold",
    ["output_size", "kernel_size"],
    [
      ["dilation", int(1)],
      ["padding", int(0)],
      ["stride", int(1)],
    ],
  ],
  [
    "Upsample",
    "interpolate",
    [],
    [
      ["size", none],
      ["scale_factor", none],
      ["mode", none],
      ["align_corners", none],
    ],
  ],
  [
    "UpsamplingNearest2d",
    "interpolate",
    [],
    [
      ["size", none],
      ["scale_factor", none],
    ],
  ],
  [
    "UpsamplingBilinear2d",
    "interpolate",
    [],
    [
      ["size", none],
      ["scale_factor", none],
    ],
  ],
];

/** Pooling, unfolding, up-sampling and padding as layers. */
export const poolingLayers: readonly Operation[] = [
  ...table.flatMap(([type, name, needed, kept]) => [
    operation(
      `nn.${type}.__init__`,
      ["self", ...needed, ...kept.map(([k]) => `${k}?`), "**more"].join(", "),
      (g, m) => {
        for (const k of needed) setPart(m, moduleOf(g), k, g.need(k));
        for (const [k, otherwise] of kept) setPart(m, moduleOf(g), k, g.get(k) ?? otherwise);
        return none;
      },
    ),
    operation(`nn.${type}.forward`, "self, input", (g, m) => {
      const self = moduleOf(g);
      const named = Object.fromEntries([...needed, ...kept.map(([k]) => k)].map((k) => [k, partOf(self, k)]));
      return m.operate(`torch.nn.functional.${name}`, args([g.need("input")], named));
    }),
  ]),
  ...["Zero", "Constant", "Reflection", "Replication"].flatMap((kind) =>
    [1, 2, 3].flatMap((axes) => [
      operation(`nn.${kind}Pad${axes}d.__init__`, "self, padding, value?", (g, m) => {
        setPart(m, moduleOf(g), "padding", g.need("padding"));
        setPart(m, moduleOf(g), "value", g.get("value") ?? int(0));
        return none;
      }),
      operation(`nn.${kind}Pad${axes}d.forward`, "self, input", (g, m) => {
        const padding = partOf(moduleOf(g), "padding");
        const each =
          padding.kind === "int" || padding.kind === "symbol"
            ? { kind: "tuple" as const, items: new Array<Value>(2 * axes).fill(padding) }
            : padding;
        const mode = { Zero: "constant", Constant: "constant", Reflection: "reflect", Replication: "replicate" }[kind]!;
        return m.operate(
          "torch.nn.functional.pad",
          args([g.need("input"), each, { kind: "string", value: mode }, partOf(moduleOf(g), "value")]),
        );
      }),
    ]),
  ),
];
