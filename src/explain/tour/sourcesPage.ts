import type { Translate } from "../../tensor/message.ts";
import { type Block, paragraph, plain, strong } from "../blocks.ts";
import type { TourPage } from "./tour.ts";

/** Questions that readers ask, and where to read on. */
export function sourcesPage(translate: Translate): TourPage[] {
  return [
    { title: translate("Questions and answers"), blocks: questions(translate) },
    {
      title: translate("Read on"),
      blocks: [{ kind: "list", items: sources.map(({ title, href }) => [{ text: title, href }]) }],
    },
  ];
}

function questions(translate: Translate): Block[] {
  const pairs: readonly (readonly [string, string])[] = [
    [
      translate("Why use attention?"),
      translate(
        "Because what matters is seldom next to what needs it. A recurrent network must carry everything through every step; attention fetches it from any distance in one, and its weights can be looked at.",
      ),
    ],
    [
      translate("How does it relate to deep learning?"),
      translate(
        "It is a layer of deep models, trained with them by gradient descent: softmax and dot products can be differentiated. A transformer is mostly attention and small networks, in turn; reinforcement learning uses it as well.",
      ),
    ],
    [
      translate("Where is it used?"),
      translate(
        "In language (translation, dialogue, code), where words look at words; in vision, where patches of a picture look at patches; in speech, proteins, recommendation, and wherever a set of things is to be weighed.",
      ),
    ],
    [
      translate("What is hard?"),
      translate(
        "The cost grows with the square of the length, in time and, where the weights are kept, in memory; long inputs and large data need kernels that avoid it. And weights that can be seen are not yet an explanation of what a model does.",
      ),
    ],
  ];
  return pairs.flatMap(([question, answer]) => [paragraph([strong(question)]), paragraph(plain(answer))]);
}

/** Titles are those of the works themselves, so they stay as they are in every language. */
const sources: readonly { readonly title: string; readonly href: string }[] = [
  { title: "Vaswani et al., Attention Is All You Need, 2017", href: "https://arxiv.org/abs/1706.03762" },
  {
    title: "Bahdanau, Cho, Bengio, Neural Machine Translation by Jointly Learning to Align and Translate, 2014",
    href: "https://arxiv.org/abs/1409.0473",
  },
  {
    title: "Luong, Pham, Manning, Effective Approaches to Attention-based Neural Machine Translation, 2015",
    href: "https://arxiv.org/abs/1508.04025",
  },
  {
    title: "Dao et al., FlashAttention: Fast and Memory-Efficient Exact Attention with IO-Awareness, 2022",
    href: "https://arxiv.org/abs/2205.14135",
  },
  { title: "Alammar, The Illustrated Transformer", href: "https://jalammar.github.io/illustrated-transformer/" },
  {
    title: "PyTorch, torch.nn.functional.scaled_dot_product_attention",
    href: "https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html",
  },
];
