import type { Translate } from "../../tensor/message.ts";
import { type Block, name, number, paragraph, plain, type Text } from "../blocks.ts";
import { fill, sentences } from "../fill.ts";
import { formulaBlock, sizesText } from "../formulaBlocks.ts";
import { rowBlocks } from "../rowBlocks.ts";
import type { TourPage } from "./tour.ts";
import type { TourFacts } from "./tourFacts.ts";

/** What attention is for, and its three steps. */
export function startPages(facts: TourFacts, translate: Translate): TourPage[] {
  return [
    { title: translate("Why attention"), blocks: why(facts, translate) },
    { title: translate("Three steps"), blocks: threeSteps(facts, translate) },
  ];
}

function why(facts: TourFacts, translate: Translate): Block[] {
  return [
    paragraph(
      plain(
        translate(
          "Nobody takes in everything at once. Reading a sentence or looking at a picture, we attend to the part that matters and let the rest go. Attention gives a model the same choice: each position decides, among all it is given, what to use and how much of it.",
        ),
      ),
    ),
    paragraph(
      plain(
        translate(
          "In language, a pronoun looks for the noun that it stands for. In vision, a patch of a picture looks for the patches that belong to the same thing.",
        ),
      ),
    ),
    paragraph(choosing(facts, translate)),
    weightsPicture(facts, translate),
  ];
}

function choosing({ name: title, attention: { sizes } }: TourFacts, translate: Translate): Text {
  const { queries, keys } = sizes;
  const spans = {
    name: name(title),
    queries: number(queries === 1 ? translate("1 query") : translate("{count} queries", { count: queries })),
    keys: number(keys === 1 ? translate("1 key") : translate("{count} keys", { count: keys })),
  };
  const sizesHere =
    title === "" ? translate("In this file: {queries}, {keys}.") : translate("In {name}: {queries}, {keys}.");
  const picture = translate(
    "Each row of the picture is one query, each column one key: the brighter the cell, the more of that key the query uses.",
  );
  return sentences([fill(sizesHere, spans), plain(picture)]);
}

function weightsPicture({ weights }: TourFacts, translate: Translate): Block {
  return { kind: "matrix", ...weights, minimum: 0, maximum: 1, words: translate("heatmap of the weights") };
}

function threeSteps({ attention }: TourFacts, translate: Translate): Block[] {
  const steps = [
    translate("Score: how well does each query match each key? A dot product says."),
    translate("Normalise: softmax turns a query's scores into weights that are positive and sum to 1."),
    translate("Weigh: the values are added up, each as much as its weight says."),
  ];
  return [
    { kind: "list", items: steps.map(plain) },
    formulaBlock(attention, null, translate),
    paragraph(
      plain(
        translate(
          "Q holds the queries, K the keys and V the values, one row a position. All three are usually made from the same vectors by three learned matrices.",
        ),
      ),
    ),
    paragraph(sizesText({ ...attention, role: "weights" }, translate)),
    ...(attention.row ? rowBlocks(attention.row, translate) : []),
  ];
}
