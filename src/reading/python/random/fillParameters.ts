import { type DType, storage, type TensorData } from "../../../tensor/dtype.ts";
import { sizeOf } from "../../../tensor/tensor.ts";
import type { Draw } from "./draw.ts";
import type { Filling } from "./initialFilling.ts";
import type { InitialParameter } from "./moduleParameters.ts";
import type { TorchGenerator } from "./torchGenerator.ts";

/** Elements for `filling`, drawn where it draws; null if `draw.keep` is false. */
export function filled(generator: TorchGenerator, filling: Filling, draw: Draw): TensorData | null {
  if (filling.kind === "uniform") return generator.uniform(draw, filling.low, filling.high);
  if (filling.kind === "normal") return generator.normal(draw, filling.mean, filling.deviation);
  return draw.keep ? (storage(draw.dtype, draw.count) as Float64Array).fill(filling.value) : null;
}

/**
 * The elements of each of `parameters`, by name, as a constructor that lists them draws them one after the other; null
 * where `keep` (asked for each) says that nobody will look. A name that comes twice has its last elements.
 */
export function filledParameters(
  generator: TorchGenerator,
  parameters: readonly InitialParameter[],
  dtype: DType,
  keep: (parameter: InitialParameter) => boolean,
): Map<string, TensorData | null> {
  const result = new Map<string, TensorData | null>();
  for (const parameter of parameters) {
    const draw = { count: sizeOf(parameter.shape), dtype, keep: keep(parameter) };
    const data = filled(generator, parameter.filling, draw);
    if (data && parameter.zeroRow !== undefined) zeroRow(data, parameter.shape[1]!, parameter.zeroRow);
    result.set(parameter.name, data);
  }
  return result;
}

function zeroRow(data: TensorData, width: number, row: number): void {
  (data as Float64Array).fill(0, row * width, (row + 1) * width);
}
