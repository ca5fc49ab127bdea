import type { Sentences } from "../sentences.ts";

/** What the engine says of a problem that cannot be computed, or that a reader should know about. */
export const attentionSentences: Sentences = {
  "attention.rank": (translate, args) =>
    translate(
      "Attention: {input} has the shape {shape}; expected 2 to 4 axes, [batch, heads, length, size]. Choose another tensor or reshape it.",
      args,
    ),
  "attention.dtype": (translate, args) =>
    translate("Attention: {input} holds {dtype} numbers; expected real ones. Choose another tensor.", args),
  "attention.empty": (translate, args) =>
    translate(
      "Attention: {input} has the shape {shape}, so it holds no numbers; expected at least one on every axis.",
      args,
    ),
  "attention.width": (translate, args) =>
    translate(
      "Attention: QKᵀ multiplies rows of the same size, but those of query {query} have the length {expected} and those of key {key} {got}.",
      args,
    ),
  "attention.lengths": (translate, args) =>
    translate(
      "Attention: every key has one value: expected as many rows in value {value} as in key {key} ({expected}), got {got}.",
      args,
    ),
  "attention.value-heads": (translate, args) =>
    translate(
      "Attention: key {key} and value {value} must have the same number of heads: expected {expected}, got {got}.",
      args,
    ),
  "attention.heads": (translate, args) =>
    translate(
      "Attention: the number of heads of query {query} ({heads}) is no multiple of that of key {key} ({kvHeads}).",
      args,
    ),
  "attention.batch": (translate, args) =>
    translate(
      "Attention: query {query}, key {key} and value {value} must have the same first axis (batch), or 1.",
      args,
    ),
  "attention.mask-shape": (translate, args) =>
    translate(
      "Attention: a mask of shape {mask} does not fit; each of its axes, counted from the right, must be 1 or that of {expected} (batch, heads, queries, keys).",
      args,
    ),
  "attention.mask-integers": (translate, args) =>
    translate("The mask holds integers 0 and 1: taken as boolean, 1 = may attend.", args),
  "attention.weights-sum": (translate, args) =>
    translate(
      "Row {query} of these weights (batch {batch}, head {head}) sums to {sum}; after softmax it would be 1.",
      args,
    ),
  "attention.scale": (translate, args) => translate("Attention: scale is {got}; expected a finite number.", args),
  "attention.softcap": (translate, args) =>
    translate("Attention: softcap is {got}; expected a positive number, or 0 for none.", args),
  "attention.window": (translate, args) =>
    translate(
      "Attention: a window side is {got}; expected a whole number of keys, 0 or more, or null for no limit.",
      args,
    ),
  "attention.dropout": (translate, args) =>
    translate("Attention: dropout is {got}; expected a probability from 0 to 1.", args),
  "attention.offset": (translate, args) =>
    translate(
      "Attention: the position offset is {got}; expected one whole number, or {expected}, one for each batch entry.",
      args,
    ),
  "attention.key-lengths": (translate, args) =>
    translate(
      "Attention: the key lengths are {got}; expected one whole number for each batch entry ({expected}).",
      args,
    ),
  "attention.segments": (translate, args) =>
    translate(
      "Attention: the packed sequences start at {queries} (queries) and {keys} (keys); expected lists of the same length that ascend from 0 to {L} and to {S}.",
      args,
    ),
  "attention.slopes": (translate, args) =>
    translate("Attention: number of ALiBi slopes: expected {expected}, one for each query head; got {got}.", args),
  "attention.relative": (translate, args) =>
    translate("Attention: the relative bias has the shape {table}; expected [{expected} or 1, distances].", args),
  "attention.sinks": (translate, args) =>
    translate("Attention: number of sink logits: expected {expected}, one for each query head; got {got}.", args),
  "attention.additive": (translate, args) =>
    translate(
      "Attention: length of the additive score's vector or bias: expected {expected}, the size of the projected query; got {got}.",
      args,
    ),
  "attention.onnx-opset": (translate, args) =>
    translate("ONNX Attention: opset {got} does not have this operator; expected 23 or later.", args),
  "attention.onnx-input": (translate, args) =>
    translate("ONNX Attention: there is no input {got} in this opset; expected {expected}.", args),
  "attention.onnx-missing": (translate, args) => translate("ONNX Attention: the input {input} is missing.", args),
  "attention.onnx-attribute": (translate, args) =>
    translate("ONNX Attention: there is no attribute {name} in opset {opset}.", args),
  "attention.onnx-value": (translate, args) =>
    args.expected === undefined
      ? translate("ONNX Attention: the attribute {name} is {got}; expected a finite number.", args)
      : translate("ONNX Attention: the attribute {name} is {got}; expected {expected}.", args),
  "attention.onnx-rank": (translate, args) =>
    translate(
      "ONNX Attention: {input} has the shape {shape}; expected Q, K and V all with 3 axes or all with 4, and a past with 4.",
      args,
    ),
  "attention.onnx-dtype": (translate, args) =>
    translate("ONNX Attention: {input} holds {dtype} numbers; expected float16, bfloat16, float32 or float64.", args),
  "attention.onnx-types": (translate, args) =>
    translate("ONNX Attention: the type of {input} is {got}; expected {expected}, that of {like}.", args),
  "attention.onnx-batch": (translate, args) =>
    translate("ONNX Attention: {input} has the shape {shape}; expected the first axis (batch) of Q, {expected}.", args),
  "attention.onnx-num-heads": (translate, args) =>
    translate("ONNX Attention: {name} is {got}; expected {expected}, as the shapes say, or none.", args),
  "attention.onnx-heads-with-4d": (translate, args) =>
    translate("ONNX Attention: {name} does not go with inputs of 4 axes in opset {opset}: their shapes say it.", args),
  "attention.onnx-head-counts": (translate, args) =>
    translate("ONNX Attention: {missing} is missing; inputs of 3 axes need q_num_heads and kv_num_heads.", args),
  "attention.onnx-split": (translate, args) =>
    translate(
      "ONNX Attention: the last axis of {input} {shape} cannot be shared out evenly over the heads ({heads}).",
      args,
    ),
  "attention.onnx-past": (translate, args) =>
    translate(
      "ONNX Attention: {got} does not go with the other inputs: past_key and past_value come together, and not with nonpad_kv_seqlen.",
      args,
    ),
  "attention.onnx-past-shape": (translate, args) =>
    translate(
      "ONNX Attention: {input} has the shape {past}, which does not continue {got}: only the third axis may differ.",
      args,
    ),
  "attention.onnx-nonpad": (translate, args) =>
    translate(
      "ONNX Attention: nonpad_kv_seqlen is {got} ({dtype}); expected one integer from 0 to {keys} for each batch entry ({batch}).",
      args,
    ),
  "attention.mask-and-causal": (translate, args) =>
    translate(
      "scaled_dot_product_attention takes attn_mask or is_causal, not both. Put the causal rule into the mask, or leave the mask out.",
      args,
    ),
  "attention.gqa": (translate, args) =>
    translate(
      "scaled_dot_product_attention: number of heads {heads} (query) and {kvHeads} (key); expected the same, or enable_gqa=True.",
      args,
    ),
  "attention.multihead-heads": (translate, args) =>
    translate("MultiheadAttention: embed_dim {embed} cannot be shared out evenly over the heads ({heads}).", args),
  "attention.multihead-shape": (translate, args) =>
    translate(
      "MultiheadAttention: {input} has the shape {got}; expected 3 axes (2 if unbatched) with a last one of {expected}, and the batch of the query.",
      args,
    ),
  "attention.multihead-mask": (translate, args) =>
    translate("MultiheadAttention: {input} has the shape {got}; expected {expected}.", args),
  "attention.multihead-nan": (translate, args) =>
    translate(
      "A row that may attend to nothing has weights 0 here; PyTorch's MultiheadAttention gives NaN when it is asked for weights.",
      args,
    ),
  "attention.additive-shape": (translate, args) =>
    translate(
      "Additive attention: {input} has the shape {got}, which does not fit the weight {expected}: its last axis must be the weight's.",
      args,
    ),
  "attention.general-shape": (translate, args) =>
    translate(
      "Multiplicative attention qᵀWk: query {query} and key {key} do not fit W {weight}; expected [query size, key size].",
      args,
    ),
  "attention.temperature": (translate, args) =>
    translate("Cosine attention: the temperature is {got}; expected a positive number.", args),
  "attention.rotary-size": (translate, args) =>
    translate(
      "Rotary embedding: a row is turned in pairs of numbers; expected an even count up to {width}, got {got}.",
      args,
    ),
  "attention.gain": (translate, args) =>
    translate(
      "QK-norm: the gain of {input} has the shape {got}; expected [{expected}], a number for each of a row.",
      args,
    ),
  "attention.cu-seqlens": (translate, args) =>
    translate("Packed sequences: cu_seqlens {queries} and {keys} must have the same length and ascend from 0.", args),
};
