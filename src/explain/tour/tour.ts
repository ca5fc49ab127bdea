import type { Translate } from "../../tensor/message.ts";
import type { Block } from "../blocks.ts";
import { scorePages } from "./scorePages.ts";
import { softmaxPages } from "./softmaxPages.ts";
import { sourcesPage } from "./sourcesPage.ts";
import { startPages } from "./startPages.ts";
import type { TourFacts } from "./tourFacts.ts";
import { variantPages } from "./variantPages.ts";

/** One step of the tour. */
export interface TourPage {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** The guided tour of the formula, every step bound to the numbers of one attention problem. */
export function tourPages(facts: TourFacts, translate: Translate): TourPage[] {
  return [
    ...startPages(facts, translate),
    ...scorePages(facts, translate),
    ...softmaxPages(facts, translate),
    ...variantPages(facts, translate),
    ...sourcesPage(translate),
  ];
}
