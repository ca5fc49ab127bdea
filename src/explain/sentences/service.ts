import type { Sentences } from "../sentences.ts";

/** What the core says when a problem cannot be put together. */
export const serviceSentences: Sentences = {
  "service.noSite": (translate) => translate("The document no longer has this attention problem."),
  "service.noTensor": (translate, args) => translate("The document no longer has the tensor {name}.", args),
  "service.noRole": (translate, args) =>
    translate("No tensor plays the {role}. Choose query, key and value to say which do.", args),
  "service.noValues": (translate, args) =>
    translate("The values of {name} are not known, so nothing can be computed.", args),
  "service.sampled": (translate, args) =>
    translate("Sampled values (seed {seed}): the code leaves these numbers open, so a run has others.", args),
  "service.maskNotKnown": (translate) =>
    translate("The mask depends on numbers that are not known, so it is left out here."),
  "service.tooMuchToExport": (translate, args) =>
    translate("This stage has {count} numbers, too many for one file ({limit}).", args),
  "service.tooMuchToInsert": (translate, args) =>
    translate(
      "These weights are {count} numbers, too many to be written into a text ({limit}). Export them instead.",
      args,
    ),
  "service.noCode": (translate) =>
    translate("These weights are given, not computed, so there is no code that computes them."),
  "service.moved": (translate) => translate("The text has changed meanwhile, so nothing was written. Try again."),
  "service.notWritten": (translate, args) =>
    translate("The numbers of {name} are not written in the text, so they cannot be changed there.", args),
  "service.tooMuchToCopy": (translate, args) =>
    translate("{name} has {count} numbers, too many for the clipboard ({limit}). Save it as .npy instead.", args),
  "service.tooLargeToForbid": (translate, args) =>
    translate(
      "Cells can be forbidden by hand up to 16 million of them; these are {queries} queries by {keys} keys.",
      args,
    ),
};
