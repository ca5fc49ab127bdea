import type { Sentences } from "../sentences.ts";

/** What the core says when a problem cannot be put together. */
export const serviceSentences: Sentences = {
  "service.noSite": (translate) => translate("The document no longer has this attention problem."),
  "service.noTensor": (translate, args) => translate("The document no longer has the tensor {name}.", args),
  "service.noRole": (translate, args) =>
    translate("No tensor plays the {role}. Choose query, key and value to say which do.", args),
  "service.noValues": (translate, args) =>
    translate("The values of {name} are not known, so nothing can be computed.", args),
  "service.tooLargeToForbid": (translate, args) =>
    translate(
      "Cells can be forbidden by hand up to 16 million of them; these are {queries} queries by {keys} keys.",
      args,
    ),
};
