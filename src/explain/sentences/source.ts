import type { Sentences } from "../sentences.ts";

/** Why a command finds nothing to work on. */
export const sourceSentences: Sentences = {
  "source.none": (translate) => translate("Open a JSON or Python file with matrices in it first."),
  "source.language": (translate, args) => translate("{name} is neither JSON nor Python.", args),
  "source.tooLarge": (translate, args) =>
    translate("{name} has {size} MB; up to {limit} MB can be read. Split it, or keep fewer layers in it.", args),
  "source.unreadable": (translate, args) => translate("{name} could not be read. The log says why.", args),
  "source.down": (translate) =>
    translate(
      "The thread in which Attention Loupe reads and computes ends again and again. The log says why (Attention: Show Log). Reload the window to start it anew.",
    ),
  "source.endless": (translate, args) =>
    translate(
      "Reading {name} took longer than {seconds} s and was stopped. It will be tried again when the file changes, or when you run attention on it.",
      args,
    ),
  "source.ended": (translate, args) =>
    translate(
      "Reading {name} ended the thread that reads, perhaps for want of memory. It will be tried again when the file changes, or when you run attention on it.",
      args,
    ),
};
