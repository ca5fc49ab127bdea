import type { TensorFacts } from "../explain/facts.ts";
import type { TensorEntry } from "../reading/document.ts";
import { statistics } from "../tensor/statistics.ts";
import { reader, sizeOf, type Tensor } from "../tensor/tensor.ts";

/** Longest side of a hover's heatmap, in cells. */
const pictureSize = 48;

/** What is said of a tensor by itself: one pass over its values. */
export function tensorFacts(entry: TensorEntry): TensorFacts {
  const { id, name, path, shape, axes, dtype, origin, exact, why, made, values } = entry;
  const picture = values && pictureOf(values);
  return {
    id,
    name,
    path,
    shape,
    dtype,
    origin,
    exact,
    ...(axes && { axes }),
    ...(why && { why }),
    ...(made && { made }),
    ...(values && { statistics: statistics(values) }),
    ...(picture && { picture }),
  };
}

/** The last two axes at index 0 of the others, shrunk by keeping of each block the element largest in magnitude. */
function pictureOf(t: Tensor): TensorFacts["picture"] | undefined {
  const [height, width] = [t.shape.at(-2) ?? 1, t.shape.at(-1) ?? 1];
  if (t.shape.length === 0 || sizeOf(t.shape) === 0) return undefined;
  const step = Math.max(1, Math.ceil(Math.max(height, width) / pictureSize));
  const [rows, columns] = [Math.ceil(height / step), Math.ceil(width / step)];
  const values = new Float32Array(rows * columns);
  const read = reader(t);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const block = Math.floor(row / step) * columns + Math.floor(column / step);
      const x = read(row * width + column);
      if (Number.isNaN(x) || Math.abs(x) > Math.abs(values[block]!)) values[block] = x;
    }
  }
  return { rows, columns, values };
}
