import type { Sentences } from "../sentences.ts";
import { attentionSentences } from "./attention.ts";
import { binarySentences } from "./binary.ts";
import { jsonSentences } from "./json.ts";
import { pythonSentences } from "./python.ts";
import { pythonRandomSentences } from "./pythonRandom.ts";
import { serviceSentences } from "./service.ts";
import { sourceSentences } from "./source.ts";

/** Every layer's sentences: what a message of any of them is said with. */
export const sentenceTables: readonly Sentences[] = [
  attentionSentences,
  binarySentences,
  jsonSentences,
  pythonSentences,
  pythonRandomSentences,
  serviceSentences,
  sourceSentences,
];
