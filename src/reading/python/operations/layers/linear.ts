import { bilinear, embedding, linear } from "../../random/moduleParameters.ts";
import { args, int, none } from "../../run/values.ts";
import { type Operation, operation } from "../operation.ts";
import {
  addParameters,
  allNumbers,
  biasBefore,
  hasBias,
  layerDType,
  moduleOf,
  namedSize,
  partOf,
  setPart,
  sizeArgument,
  withBias,
} from "./parameters.ts";

/** nn.Linear, Bilinear, Embedding and what only passes on or reshapes. */
export const linearLayers: readonly Operation[] = [
  operation(
    "nn.Linear.__init__ nn.modules.linear.NonDynamicallyQuantizableLinear.__init__",
    "self, in_features, out_features, bias?, device?, dtype?",
    (g, m) => {
      const self = moduleOf(g);
      const [inputs, outputs] = [namedSize(g, m, "in_features"), namedSize(g, m, "out_features")];
      const bias = hasBias(g);
      for (const name of ["in_features", "out_features"]) setPart(m, self, name, g.need(name));
      setPart(m, self, "bias", biasBefore(g));
      const shapes = [["weight", [outputs, inputs]], ...(bias ? [["bias", [outputs]] as const] : [])] as const;
      const sizes = [inputs, outputs];
      addParameters(
        m,
        self,
        "torch.nn.Linear",
        shapes,
        bias !== null && allNumbers(sizes) ? linear(sizes[0]!, sizes[1]!, bias) : null,
        layerDType(g),
      );
      return none;
    },
  ),
  operation("nn.Linear.forward", "self, input", (g, m) => {
    const self = moduleOf(g);
    return withBias(self, (bias) =>
      m.operate("torch.nn.functional.linear", args([g.need("input"), partOf(self, "weight"), bias])),
    );
  }),
  operation(
    "nn.Bilinear.__init__",
    "self, in1_features, in2_features, out_features, bias?, device?, dtype?",
    (g, m) => {
      const self = moduleOf(g);
      const sizes = ["in1_features", "in2_features", "out_features"].map((name) => sizeArgument(g, name));
      const bias = g.flag("bias", true);
      setPart(m, self, "bias", none);
      const [first, second, outputs] = sizes as [number, number, number];
      const shapes = [["weight", [outputs, first, second]], ...(bias ? [["bias", [outputs]] as const] : [])] as const;
      addParameters(
        m,
        self,
        "torch.nn.Bilinear",
        shapes,
        allNumbers(sizes) ? bilinear(first, second, outputs, bias) : null,
        layerDType(g),
      );
      return none;
    },
  ),
  operation("nn.Bilinear.forward", "self, input1, input2", (g, m) => {
    const self = moduleOf(g);
    return m.operate(
      "torch.nn.functional.bilinear",
      args([g.need("input1"), g.need("input2"), partOf(self, "weight"), partOf(self, "bias")]),
    );
  }),
  operation(
    "nn.Embedding.__init__",
    "self, num_embeddings, embedding_dim, padding_idx?, max_norm?, norm_type?, scale_grad_by_freq?, sparse?, _weight?, device?, dtype?",
    (g, m) => {
      const self = moduleOf(g);
      const sizes = [sizeArgument(g, "num_embeddings"), sizeArgument(g, "embedding_dim")];
      for (const name of ["num_embeddings", "embedding_dim"]) setPart(m, self, name, g.need(name));
      const padding = g.get("padding_idx") ? g.int("padding_idx") : null;
      setPart(m, self, "padding_idx", padding === null ? none : int(padding));
      const given = g.get("_weight");
      if (given) setPart(m, self, "weight", given);
      else
        addParameters(
          m,
          self,
          "torch.nn.Embedding",
          [["weight", sizes]],
          allNumbers(sizes) ? embedding(sizes[0]!, sizes[1]!, padding) : null,
          layerDType(g),
        );
      return none;
    },
  ),
  operation("nn.Embedding.forward", "self, input", (g, m) =>
    m.operate("torch.nn.functional.embedding", args([g.need("input"), partOf(moduleOf(g), "weight")])),
  ),
  operation("nn.Embedding.from_pretrained", "embeddings, freeze?, padding_idx?, **more", (g, m) => {
    const made = m.call(
      { kind: "library", path: "torch.nn.Embedding" },
      args([int(1), int(1)], { _weight: g.need("embeddings") }),
    );
    return made;
  }),
  operation("nn.EmbeddingBag.__init__", "self, num_embeddings, embedding_dim, **more", (g, m) => {
    const self = moduleOf(g);
    const sizes = [sizeArgument(g, "num_embeddings"), sizeArgument(g, "embedding_dim")];
    addParameters(
      m,
      self,
      "torch.nn.EmbeddingBag",
      [["weight", sizes]],
      allNumbers(sizes) ? embedding(sizes[0]!, sizes[1]!) : null,
      layerDType(g),
    );
    return none;
  }),
  operation("nn.Identity.__init__", "self, *rest, **more", () => none),
  operation("nn.Identity.forward", "self, input", (g) => g.need("input")),
  operation("nn.Flatten.__init__", "self, start_dim?, end_dim?", (g, m) => {
    setPart(m, moduleOf(g), "start_dim", g.get("start_dim") ?? int(1));
    setPart(m, moduleOf(g), "end_dim", g.get("end_dim") ?? int(-1));
    return none;
  }),
  operation("nn.Flatten.forward", "self, input", (g, m) =>
    m.operate(
      "torch.flatten",
      args([g.need("input"), partOf(moduleOf(g), "start_dim"), partOf(moduleOf(g), "end_dim")]),
    ),
  ),
  operation("nn.Unflatten.__init__", "self, dim, unflattened_size", (g, m) => {
    for (const name of ["dim", "unflattened_size"]) setPart(m, moduleOf(g), name, g.need(name));
    return none;
  }),
  operation("nn.Unflatten.forward", "self, input", (g, m) =>
    m.operate(
      "torch.Tensor.unflatten",
      args([g.need("input"), partOf(moduleOf(g), "dim"), partOf(moduleOf(g), "unflattened_size")]),
    ),
  ),
];
