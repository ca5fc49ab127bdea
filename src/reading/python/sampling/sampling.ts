import type { DType } from "../../../tensor/dtype.ts";
import { sizeOf } from "../../../tensor/tensor.ts";
import { NumpyGenerator } from "../random/numpyGenerator.ts";
import { NumpyLegacy } from "../random/numpyLegacy.ts";
import { PythonRandom } from "../random/pythonRandom.ts";
import { TorchGenerator } from "../random/torchGenerator.ts";
import { lazily } from "../run/buffer.ts";
import type { Randoms, Sampling } from "../run/machine.ts";
import { fixedDType, fixedShape, freshView, type Library, makeTensor, type TensorValue } from "../run/tensorValue.ts";
import type { Stream } from "../run/values.ts";

/** Seeds that differ from stream to stream, all from the user's one. */
export function samplingFrom(seed: number): Sampling {
  let next = BigInt(Math.trunc(Math.abs(seed))) % 2n ** 31n;
  return { nextSeed: () => next++ };
}

/** Streams of a program that has not seeded them: they begin somewhere, and go on elsewhere where nobody can know how. */
export function sampledRandoms(sampling: Sampling): Randoms {
  return {
    torch: sampledStream(() => TorchGenerator.seeded(sampling.nextSeed())),
    numpy: sampledStream(() => NumpyLegacy.seeded(Number(sampling.nextSeed()))),
    python: sampledStream(() => PythonRandom.seeded(sampling.nextSeed())),
  };
}

/** A stream that is never without a generator. */
export function sampledStream(sample: () => object): Stream {
  return { head: sample(), why: null, sample };
}

/** Integers that are drawn lie below this: they index what is small, such as a vocabulary. */
const below = 8n;

/** Elements where the program does not say any: normal numbers, small integers, and true. */
export function sampledTensor(
  sampling: Sampling,
  framework: Library,
  dims: readonly number[],
  dtype: DType | null,
): TensorValue {
  const count = sizeOf(dims);
  const seed = sampling.nextSeed();
  const type = dtype ?? "float32";
  const content = lazily(count, [], () => {
    if (type === "bool") return new Uint8Array(count).fill(1);
    const generator = NumpyGenerator.seeded(seed);
    if (/int/.test(type)) return generator.integers({ count, dtype: "float64", keep: true }, 0n, below - 1n);
    return generator.normal({ count, dtype: type === "float64" ? type : "float32", keep: true });
  });
  return makeTensor({
    framework,
    shape: fixedShape(dims),
    dtype: fixedDType(type),
    view: freshView(dims, content),
    origin: content.data === null ? "unknown" : "sampled",
    why: content.why,
  });
}
