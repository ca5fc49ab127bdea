import type { Sentences } from "../sentences.ts";

/** Why a command finds nothing to work on. */
export const sourceSentences: Sentences = {
  "source.none": (translate) => translate("Open a JSON or Python file with matrices in it first."),
  "source.language": (translate, args) => translate("{name} is neither JSON nor Python.", args),
  "source.tooLarge": (translate, args) =>
    translate("{name} has {size} MB; up to {limit} MB can be read. Split it, or keep fewer layers in it.", args),
  "source.unreadable": (translate, args) => translate("{name} could not be read. The log says why.", args),
};
