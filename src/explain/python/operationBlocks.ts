import type { MadeBy, Part } from "../../reading/document.ts";
import { paragraph, plain } from "../blocks.ts";
import type { ExplainContext } from "../context.ts";
import type { TensorFacts } from "../facts.ts";
import { attentionCallBlocks, multiHeadBlocks } from "./attentionCall.ts";
import { einsumBlocks } from "./einsum.ts";
import { maskedFillBlocks, triangleBlocks } from "./masking.ts";
import type { OperationWords } from "./operationWords.ts";
import { productBlocks } from "./product.ts";
import { scaleBlocks } from "./scale.ts";
import { softmaxBlocks, softmaxByHandBlocks } from "./softmax.ts";

/** What the call or operator that made a tensor does, why, and how others write it. Nothing for what needs no words. */
export function operationBlocks(
  made: MadeBy,
  tensor: TensorFacts,
  part: Part | null,
  context: ExplainContext,
): OperationWords {
  switch (made.operation) {
    case "softmax":
    case "log_softmax":
      return softmaxBlocks(made, part, context);
    case "matmul":
    case "bmm":
    case "dot":
    case "linear":
      return productBlocks(made, tensor, context);
    case "einsum":
      return einsumBlocks(made, context);
    case "scaled_dot_product_attention":
      return attentionCallBlocks(made, part, context);
    case "multi_head_attention":
      return multiHeadBlocks(made, context);
    case "masked_fill":
      return maskedFillBlocks(made, tensor, context);
    case "tril":
    case "triu":
      return triangleBlocks(made, tensor, context);
    case "truediv":
      return made.details.softmax === true
        ? softmaxByHandBlocks(made, context)
        : scaleBlocks(made, tensor, part, context);
    case "div":
    case "mul":
      return scaleBlocks(made, tensor, part, context);
    case "parameter":
      return { lead: [paragraph(plain(context.translate("A parameter: training changes its numbers.")))], more: [] };
    default:
      return { lead: [], more: [] };
  }
}
