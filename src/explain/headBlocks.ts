import type { Translate } from "../tensor/message.ts";
import { type Block, paragraph, plain } from "./blocks.ts";
import type { AttentionFacts } from "./facts.ts";

/** Which batch entry and head the numbers that follow are of, where there are several. */
export function headBlocks({ head, sizes }: AttentionFacts, translate: Translate): Block[] {
  if (!head || (sizes.heads === 1 && head.batch === 0)) return [];
  return [paragraph(plain(translate("batch {batch}, head {head}", { batch: head.batch, head: head.head })))];
}
