import { tensor as makeTensor, type Tensor, toFloat64 } from "../../tensor/tensor.ts";
import { changed } from "./derive.ts";
import type { JsonTensor } from "./tensors.ts";

/**
 * A mask of the integers 0 and 1 as a boolean one (1: may attend), as Hugging Face's `attention_mask`: added to the
 * scores, as numbers of a mask are, they would forbid nothing. Any other mask stays.
 */
export function booleanMask(mask: JsonTensor): JsonTensor {
  const { entry } = mask;
  if (entry.dtype !== "int64" || !entry.values) return mask;
  const numbers = toFloat64(entry.values);
  if (!numbers.every((x) => x === 0 || x === 1)) return mask;
  const values: Tensor = makeTensor("bool", entry.values.shape, Uint8Array.from(numbers));
  return {
    ...mask,
    entry: changed(entry, { id: `${entry.id}#bool`, derivedFrom: entry.id, dtype: "bool", values }),
    problems: [],
  };
}
