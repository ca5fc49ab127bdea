import type { Sentences } from "../sentences.ts";

/** Why random numbers in Python code are not known. */
export const pythonRandomSentences: Sentences = {
  "python.random.unseeded": (translate) =>
    translate("The numbers differ from run to run: nothing seeds this generator before. Set a seed to see them."),
  "python.random.unmodelled": (translate, args) =>
    translate(
      "{call} draws random numbers in a way that is not modelled, so what is drawn from there on is unknown.",
      args,
    ),
  "python.random.branch": (translate) =>
    translate("Whether a branch before draws random numbers is not known, so neither are the numbers drawn after it."),
  "python.random.too-many": (translate, args) =>
    translate("A draw before takes {count} numbers; more than {limit} are not followed.", args),
};
