import type { Translate } from "../tensor/message.ts";
import { numberText } from "../tensor/print.ts";
import { shapeText } from "../tensor/tensor.ts";
import { number, plain, type Text } from "./blocks.ts";
import type { AttentionFacts, OptionFacts } from "./facts.ts";
import { fill, sentences } from "./fill.ts";
import { scoreName, scorePurpose } from "./formWords.ts";

/** How an option is spoken of. */
interface OptionWords {
  /** The part of the formula that it is about. */
  readonly part: AttentionFacts["role"] | "scale";
  /** What it is, where its name does not say that. */
  readonly what: (translate: Translate) => string;
  readonly value: (facts: OptionFacts, translate: Translate) => Text;
  readonly purpose: (facts: OptionFacts, translate: Translate) => Text;
}

/** The softcap has no place of its own in the formula: it bends the scaled scores. */
export const optionWords: Readonly<Record<OptionFacts["option"], OptionWords>> = {
  causal: {
    part: "mask",
    what: (translate) => translate("causal mask"),
    value: ({ causal }, translate) => plain(causal ? translate("on") : translate("off")),
    purpose: ({ causal }, translate) => plain(causalPurpose(causal, translate)),
  },
  scale: {
    part: "scale",
    what: (translate) => translate("scale of the scores"),
    value: ({ scale }) => [number(numberText(scale!))],
    purpose: (_, translate) =>
      plain(
        translate(
          "Every score is multiplied by it before the mask and softmax. Smaller: weights become more alike. Larger: the largest takes all.",
        ),
      ),
  },
  softcap: {
    part: "scaled",
    what: (translate) => translate("cap of the scores"),
    value: ({ softcap }) => [number(numberText(softcap!))],
    purpose: ({ softcap }, translate) =>
      fill(
        translate(
          "Every scaled score s becomes {cap}·tanh(s / {cap}) before the mask: small ones stay as they are, none gets beyond ±{cap}.",
        ),
        { cap: number(numberText(softcap!)) },
      ),
  },
  window: {
    part: "mask",
    what: (translate) => translate("sliding window"),
    value: ({ window }, translate) => {
      const side = (limit: number | null) => number(limit === null ? "∞" : String(limit));
      const [left, right] = window!;
      return fill(translate("keys before: {left}, after: {right}"), { left: side(left), right: side(right) });
    },
    purpose: (_, translate) =>
      plain(
        translate(
          "A query attends to its own position and to so many keys before and after it. The others get a score of −∞ and a weight of 0.",
        ),
      ),
  },
  score: {
    part: "scores",
    what: (translate) => translate("how a query and a key make a score"),
    value: ({ form = "scaledDot" }, translate) => plain(scoreName(form, translate)),
    purpose: ({ form = "scaledDot" }, translate) => plain(scorePurpose(form, translate)),
  },
  queryWeight: {
    part: "query",
    what: (translate) => translate("projection of the queries"),
    value: shapeOf,
    purpose: (_, translate) =>
      plain(
        translate(
          "Each row of Q is multiplied by it before the sum: W_q q. A row of W_q makes one number of the hidden layer.",
        ),
      ),
  },
  keyWeight: {
    part: "key",
    what: (translate) => translate("projection of the keys"),
    value: shapeOf,
    purpose: (_, translate) =>
      plain(
        translate(
          "Each row of K is multiplied by it before the sum: W_k k. A row of W_k makes one number of the hidden layer.",
        ),
      ),
  },
  vector: {
    part: "scores",
    what: (translate) => translate("vector of the additive score"),
    value: shapeOf,
    purpose: (_, translate) =>
      plain(
        translate("It makes one score of the hidden layer: each tanh, between −1 and 1, times its number, added up."),
      ),
  },
  scoreBias: {
    part: "scores",
    what: (translate) => translate("bias of the additive score"),
    value: shapeOf,
    purpose: (_, translate) => plain(translate("It is added to the sum of the projected query and key, before tanh.")),
  },
  generalWeight: {
    part: "scores",
    what: (translate) => translate("matrix of the general score"),
    value: shapeOf,
    purpose: (_, translate) =>
      plain(
        translate(
          "The score of a query and a key is qᵀWk: W says how much each number of the query counts with each number of the key. With the identity it is the dot product.",
        ),
      ),
  },
  temperature: {
    part: "scale",
    what: (translate) => translate("temperature of the scores"),
    value: ({ scale }) => [number(numberText(1 / scale!))],
    purpose: ({ scale }, translate) =>
      fill(
        translate(
          "Every score is divided by it, that is multiplied by {scale}. Higher: weights become more alike. Lower: the largest takes all.",
        ),
        { scale: number(numberText(scale!)) },
      ),
  },
  featureMap: {
    part: "scores",
    what: (translate) => translate("feature map of linear attention"),
    value: ({ feature }) => [number(`φ = ${feature}`)],
    purpose: (_, translate) => plain(scorePurpose("linear", translate)),
  },
  norm: {
    part: "scores",
    what: (translate) => translate("normalised queries and keys (QK-norm)"),
    value: ({ norm }, translate) => plain(norm ? norm.kind : translate("off")),
    purpose: ({ norm }, translate) =>
      sentences([
        plain(norm ? normPurpose(norm.kind, translate) : translate("Q and K stay as they are.")),
        plain(norm?.gains ? translate("Each of its numbers is then multiplied by a learned gain.") : ""),
      ]),
  },
  rotary: {
    part: "scores",
    what: (translate) => translate("rotary position embedding (RoPE)"),
    value: ({ rotary }, translate) =>
      rotary
        ? fill(translate("base {base}, {pairs}, first positions {query} (Q) and {key} (K)"), {
            base: number(String(rotary.base ?? 10_000)),
            pairs: rotary.pairs === "half" ? translate("half-split pairs") : translate("interleaved pairs"),
            query: number(String(rotary.queryStart ?? 0)),
            key: number(String(rotary.keyStart ?? 0)),
          })
        : plain(translate("off")),
    purpose: ({ rotary }, translate) =>
      plain(
        rotary
          ? translate(
              "Pairs of numbers in each row of Q and K are turned by an angle that grows with the position; a row at position 0 stays. The score then depends on how far query and key are apart.",
            )
          : translate("Q and K stay as they are."),
      ),
  },
  alibi: {
    part: "mask",
    what: (translate) => translate("linear position bias (ALiBi)"),
    value: ({ slopes }, translate) =>
      slopes ? fill(translate("slopes {slopes}"), { slopes: number(listed(slopes)) }) : plain(translate("off")),
    purpose: ({ slopes }, translate) =>
      slopes
        ? fill(
            translate(
              "The further a key is from its query, the more is taken off their score: here {slope} for each position of distance in head 0.",
            ),
            { slope: number(numberText(slopes[0]!)) },
          )
        : plain(translate("Nothing is taken off the scores for distance.")),
  },
  relativeBias: {
    part: "mask",
    what: (translate) => translate("relative position bias"),
    value: shapeOf,
    purpose: ({ shape }, translate) =>
      fill(
        translate(
          "A learned number for each distance from query to key is added to their score. The middle one is distance 0; keys more than {reach} away take the ends.",
        ),
        { reach: number(String(Math.floor((shape?.at(-1) ?? 1) / 2))) },
      ),
  },
  poolingWeight: {
    part: "key",
    what: (translate) => translate("hidden layer of additive pooling"),
    value: shapeOf,
    purpose: (_, translate) =>
      plain(
        translate(
          "Each row of the sequence is multiplied by it before tanh: W x. A row of W makes one number of the hidden layer.",
        ),
      ),
  },
  buckets: {
    part: "mask",
    what: (translate) => translate("relative position bias in buckets (T5)"),
    value: shapeOf,
    purpose: (_, translate) =>
      plain(
        translate(
          "The distance from query to key falls into a bucket, whose learned number is added to the score: near distances have a bucket each, farther ones share. T5 does not divide scores by √d; “scale”: 1 says so.",
        ),
      ),
  },
  dilation: {
    part: "mask",
    what: (translate) => translate("dilated attention"),
    value: ({ sparse }) => [number(String(sparse?.dilation))],
    purpose: ({ sparse }, translate) =>
      plain(
        translate(
          "A query attends only to one key in {step}, counted from its own position; a window counts in such steps. The others get a score of −∞ and a weight of 0.",
          { step: sparse?.dilation ?? 1 },
        ),
      ),
  },
  block: {
    part: "mask",
    what: (translate) => translate("block-local attention"),
    value: ({ sparse }) => [number(String(sparse?.block))],
    purpose: ({ sparse }, translate) =>
      plain(
        translate(
          "Positions are cut into blocks of {size}; a query attends only to keys of its own block. The others get a score of −∞ and a weight of 0.",
          { size: sparse?.block ?? 1 },
        ),
      ),
  },
  globals: {
    part: "mask",
    what: (translate) => translate("global tokens"),
    value: ({ sparse }) => [number(listed(sparse?.globals ?? []))],
    purpose: (_, translate) =>
      plain(
        translate(
          "These positions attend to all and are attended to by all, whatever window, dilation and blocks say. The causal rule holds for them, too.",
        ),
      ),
  },
  prefix: {
    part: "mask",
    what: (translate) => translate("prefix"),
    value: ({ sparse }) => [number(String(sparse?.prefix))],
    purpose: ({ sparse }, translate) =>
      plain(
        translate(
          "Every query attends to the whole prefix (length {length}), to what is behind it only up to its own position: what comes later there gets a score of −∞ and a weight of 0.",
          { length: sparse?.prefix ?? 0 },
        ),
      ),
  },
  sinks: {
    part: "weights",
    what: (translate) => translate("sink logits"),
    value: ({ sinks }) => [number(listed(sinks ?? []))],
    purpose: sinkPurpose,
  },
  plusOne: {
    part: "weights",
    what: (translate) => translate("softmax-plus-one"),
    value: ({ sinks }, translate) => plain(sinks ? translate("on") : translate("off")),
    purpose: (facts, translate) =>
      facts.sinks ? sinkPurpose(facts, translate) : plain(translate("The weights of every query sum to 1.")),
  },
  segments: {
    part: "mask",
    what: (translate) => translate("packed sequences"),
    value: segmentsText,
    purpose: (_, translate) => plain(segmentsPurpose(translate)),
  },
  segmentIds: {
    part: "mask",
    what: (translate) => translate("packed sequences"),
    value: segmentsText,
    purpose: (_, translate) => plain(segmentsPurpose(translate)),
  },
};

function shapeOf({ shape }: OptionFacts): Text {
  return shape ? [number(`[${shapeText(shape)}]`)] : [];
}

/** At most this many numbers are written out. */
const mostListed = 8;

function listed(numbers: readonly number[]): string {
  const shown = numbers.slice(0, mostListed).map((x) => numberText(x));
  return numbers.length > mostListed ? `${shown.join(", ")}, …` : shown.join(", ");
}

function causalPurpose(causal: OptionFacts["causal"], translate: Translate): string {
  if (causal === "bottomRight")
    return translate(
      "The last query attends up to the last key, each one before it to one key less: what comes later gets a score of −∞ and a weight of 0.",
    );
  return causal
    ? translate(
        "A query attends to its own position and to those before it: what comes later gets a score of −∞ and a weight of 0.",
      )
    : translate("Every query may attend to every key, also to those that come later.");
}

function normPurpose(kind: NonNullable<OptionFacts["norm"]>["kind"], translate: Translate): string {
  const rows = {
    rms: translate("Each row of Q and K is divided by the root of the mean of its squares."),
    layer: translate("The mean is taken off each row of Q and K, and the rest divided by its standard deviation."),
    l2: translate("Each row of Q and K is divided by its length."),
  };
  return rows[kind];
}

function sinkPurpose({ sinks }: OptionFacts, translate: Translate): Text {
  const [first = 0] = sinks ?? [];
  return fill(
    translate(
      "A logit without a key and a value joins every softmax, {logit} in head 0. What it takes is missing from the weights, which sum to less than 1: a query may attend to nothing.",
    ),
    { logit: number(numberText(first)) },
  );
}

function segmentsText({ segments }: OptionFacts, translate: Translate): Text {
  if (!segments) return [];
  const lengths = segments.queries.slice(1).map((end, at) => end - segments.queries[at]!);
  return fill(translate("lengths {lengths}"), { lengths: number(listed(lengths)) });
}

function segmentsPurpose(translate: Translate): string {
  return translate(
    "Several sequences stand one after the other: a query attends only to keys of its own one. The others get a score of −∞ and a weight of 0.",
  );
}
