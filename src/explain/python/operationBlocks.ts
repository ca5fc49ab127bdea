import type { MadeBy } from "../../reading/document.ts";
import type { Block } from "../blocks.ts";
import type { ExplainContext } from "../context.ts";
import type { TensorFacts } from "../facts.ts";
import { attentionCallBlocks, multiHeadBlocks } from "./attentionCall.ts";
import { einsumBlocks } from "./einsum.ts";
import { maskedFillBlocks, triangleBlocks } from "./masking.ts";
import { productBlocks } from "./product.ts";
import { scaleBlocks } from "./scale.ts";
import { softmaxBlocks, softmaxByHandBlocks } from "./softmax.ts";

/** What the call or operator that made a tensor does, why, and how others write it. Nothing for what needs no words. */
export function operationBlocks(made: MadeBy, tensor: TensorFacts, context: ExplainContext): Block[] {
  switch (made.operation) {
    case "softmax":
    case "log_softmax":
      return softmaxBlocks(made, context);
    case "matmul":
    case "bmm":
    case "dot":
    case "linear":
      return productBlocks(made, tensor, context);
    case "einsum":
      return einsumBlocks(made, context);
    case "scaled_dot_product_attention":
      return attentionCallBlocks(made, context);
    case "multi_head_attention":
      return multiHeadBlocks(made, context);
    case "masked_fill":
      return maskedFillBlocks(made, tensor, context);
    case "tril":
    case "triu":
      return triangleBlocks(made, context);
    case "truediv":
      return made.details.softmax === true ? softmaxByHandBlocks(made, context) : scaleBlocks(made, context);
    case "div":
    case "mul":
      return scaleBlocks(made, context);
    default:
      return [];
  }
}
