import { sizeOf, toFloat64 } from "../../../tensor/tensor.ts";
import { axesOf } from "../axes.ts";
import { toleranceOf } from "../checks.ts";
import { type FoundSite, makeSite, siteName } from "../sites.ts";
import type { Source } from "../source.ts";
import { kind } from "../tape.ts";
import type { JsonTensor } from "../tensors.ts";
import { fieldOf, kindOf } from "../tree.ts";

/** So many tensors, and so many rows of each, are looked at. */
const maximumTensors = 1000;
const maximumRows = 8;

/**
 * What may be attention weights although nothing calls it so: matrices whose rows have no negative number and sum to 1.
 * Nothing is shown of them unasked; who asks for attention is offered them.
 */
export function possibleWeights(source: Source, tensors: readonly JsonTensor[]): FoundSite[] {
  return tensors
    .slice(0, maximumTensors)
    .filter((tensor) => kindOf(source.tape, tensor.node) === kind.array && sumsToOne(tensor))
    .map((weights) => {
      const { path } = weights.entry;
      const holder = fieldOf(source.tape, weights.node, "parent");
      const axes = axesOf(source, holder, weights);
      const sketch = { id: `${path}#possible`, name: siteName(path), holder, roles: { weights }, axes, options: {} };
      return makeSite(source, { ...sketch, certainty: "possible" }).found;
    });
}

function sumsToOne({ entry }: JsonTensor): boolean {
  const rank = entry.shape?.length ?? 0;
  // Whole numbers would first have to be made of what is read, for nothing: their rows are no weights.
  if (entry.dtype !== "float64" || rank < 2 || rank > 4) return false;
  const { values } = entry;
  if (!values) return false;
  const width = values.shape.at(-1)!;
  if (width < 2 || values.shape.at(-2)! < 2 || sizeOf(values.shape) === 0) return false;
  const rows = { ...values, shape: [Math.min(maximumRows, sizeOf(values.shape) / width), width], strides: [width, 1] };
  const tolerance = toleranceOf(entry, values, width);
  const numbers = toFloat64(rows);
  for (let first = 0; first < numbers.length; first += width) {
    const row = numbers.subarray(first, first + width);
    if (!(Math.abs(row.reduce((a, b) => a + b, 0) - 1) <= tolerance) || row.some((x) => x < 0)) return false;
  }
  return true;
}
