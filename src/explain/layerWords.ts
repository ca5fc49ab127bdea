import type { LayerTask } from "../reading/document.ts";
import type { Translate } from "../tensor/message.ts";
import { plain, strong, type Text } from "./blocks.ts";
import type { LayerFacts } from "./facts.ts";
import { enumerated, fill, sentences } from "./fill.ts";
import { roleName } from "./words.ts";

type Layer = Pick<LayerFacts, "kind" | "settings">;

/** Settings that are the sizes of what goes in and of what comes out. */
const ends: readonly (readonly [RegExp, string, string])[] = [
  [/^nn\.(Linear|LazyLinear)$/, "in_features", "out_features"],
  [/^nn\.Embedding(Bag)?$/, "num_embeddings", "embedding_dim"],
  [/^nn\.Conv/, "in_channels", "out_channels"],
  [/^nn\.(RNN|GRU|LSTM)(Cell)?$/, "input_size", "hidden_size"],
];

/** One along each axis: nothing is left out. */
const ones = /^\(1,( 1)*,?( 1)*\)$/;

/** What a layer keeps besides and is taken for granted: not worth a word. */
const usual: Readonly<Record<string, RegExp>> = {
  stride: ones,
  padding: /^\(0,( 0)*,?( 0)*\)$/,
  output_padding: /^\(0/,
  dilation: ones,
  groups: /^1$/,
  padding_mode: /^'zeros'$/,
  dropout: /^0\.0$/,
  eps: /^1e-05$/,
  approximate: /^'none'$/,
  num_layers: /^1$/,
  bidirectional: /^False$/,
};

/** Settings that follow from others. */
const implied: ReadonlySet<string> = new Set(["kdim", "vdim", "training", "bias", "proj_size"]);

/** More settings than this are not listed. */
const listed = 6;

/** `32 → 16`, with what else was set: `3 → 8, kernel_size=(3, 3)`. */
export function sizesOfLayer({ kind, settings }: Layer): string {
  const found = ends.find(([pattern]) => pattern.test(kind));
  const [from, to] = found ? [settings[found[1]], settings[found[2]]] : [];
  const taken = from !== undefined && to !== undefined ? [found![1], found![2]] : [];
  const others = Object.entries(settings).filter(
    ([name, text]) => !taken.includes(name) && !implied.has(name) && !usual[name]?.test(text),
  );
  const shown = others.slice(0, listed).map(([name, text]) => `${name}=${text}`);
  if (others.length > listed) shown.push("…");
  return [...(taken.length > 0 ? [`${from} → ${to}`] : []), ...shown].join(", ");
}

/** What a layer of PyTorch does; empty for those whose name says it. */
export function layerPurpose({ kind, settings, ...layer }: LayerFacts, translate: Translate): string {
  switch (kind) {
    case "nn.Linear":
      return layer.parameters.length > 1
        ? translate("Each row x of the input becomes x·Wᵀ + b.")
        : translate("Each row x of the input becomes x·Wᵀ.");
    case "nn.Embedding":
      return translate("For each index i of the input it gives row i of its weight.");
    case "nn.LayerNorm":
      return translate(
        "Each position is brought to mean 0 and variance 1, then multiplied by the weight, and the bias is added.",
      );
    case "nn.RMSNorm":
      return translate("Each position is divided by its root mean square, then multiplied by the weight.");
    case "nn.MultiheadAttention":
      return settings.batch_first === "True"
        ? translate(
            "Projects to Q, K and V, computes softmax(QKᵀ/√d)V in each head, joins the heads and projects them. It takes [batch, length, size].",
          )
        : translate(
            "Projects to Q, K and V, computes softmax(QKᵀ/√d)V in each head, joins the heads and projects them. It takes [length, batch, size]: batch_first is not set.",
          );
    case "nn.Dropout":
      return layer.training === false
        ? translate("It passes its input on: it is in eval mode.")
        : translate(
            "In training each number becomes 0 with probability p, and the others are divided by 1 − p. In eval mode it passes its input on.",
          );
    case "nn.Sequential":
      return translate("Its layers run one after the other, each on what the one before gives.");
    case "nn.ModuleList":
      return translate("A list of layers: the code runs them.");
    case "nn.ModuleDict":
      return translate("Layers by their names: the code runs them.");
    default:
      return /^nn\.Conv\d/.test(kind)
        ? translate("Each output channel is a sum over windows of the input, weighted by one kernel.")
        : "";
  }
}

/** What a layer does in attention. */
export function taskWords(tasks: readonly LayerTask[], translate: Translate): Text {
  const made = tasks.filter((task) => task !== "output").map((task) => [strong(roleName(task, translate))]);
  const parts = enumerated(made, translate);
  return sentences([
    made.length > 0 ? fill(translate("In attention it makes: {parts}."), { parts }) : [],
    tasks.includes("output") ? plain(translate("In attention it projects the output of the heads.")) : [],
  ]);
}
