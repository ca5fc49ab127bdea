import type { Sentences } from "../sentences.ts";
import { pythonRandomSentences } from "./pythonRandom.ts";
import { pythonRunSentences } from "./pythonRun.ts";

/** What the Python reader says: why something is unknown, and what is wrong with the text. */
export const pythonSentences: Sentences = {
  ...pythonRunSentences,
  ...pythonRandomSentences,
  "python.syntax": (t) => t("This is not (yet) Python."),
  "python.raggedRow": (t, args) =>
    t("Row {row} has the length {length}, expected {expected} as in the first row.", args),
  "python.notComputed": (t) => t("The values are not computed."),
  "python.symbolicShape": (t) => t("The sizes are not known as numbers."),
};
