import type { Sentences } from "../sentences.ts";

/** What the Python reader says: why something is unknown, and what is wrong with the text. */
export const pythonSentences: Sentences = {
  "python.syntax": (t) => t("This is not (yet) Python."),
  "python.raggedRow": (t, args) =>
    t("Row {row} has the length {length}, expected {expected} as in the first row.", args),
  "python.notComputed": (t) => t("The values are not computed."),
  "python.symbolicShape": (t) => t("The sizes are not known as numbers."),
};
