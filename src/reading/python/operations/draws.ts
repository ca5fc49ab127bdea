import type { DType, TensorData } from "../../../tensor/dtype.ts";
import type { Message } from "../../../tensor/message.ts";
import { sizeOf } from "../../../tensor/tensor.ts";
import { type Draw, drawLimit, skipLimit } from "../random/draw.ts";
import { TorchGenerator } from "../random/torchGenerator.ts";
import { type Content, force, lazily, unknownContent, working, written } from "../run/buffer.ts";
import type { Size } from "../run/dims.ts";
import type { Machine } from "../run/machine.ts";
import {
  blankTensor,
  concrete,
  concreteDims,
  contiguous,
  fixedDType,
  fixedShape,
  freshView,
  type Library,
  makeTensor,
  type TensorValue,
  type View,
  walk,
} from "../run/tensorValue.ts";
import type { Stream } from "../run/values.ts";
import type { NumberArray } from "./making.ts";

/** What a stream needs of a generator. */
interface Generator<G> {
  copy(): G;
}

/** So many numbers are skipped in the time in which one is drawn. */
const skippedPerElement = 16;

const unseeded: Message = { code: "python.random.unseeded" };

/** Starts a stream anew, as a call of `seed` or `manual_seed` does; null: nobody can know the seed. */
export function seed(m: Machine, stream: Stream, generator: object | null): void {
  m.state.set(stream, "head", generator ?? stream.sample?.() ?? null);
  m.state.set(stream, "why", generator ? null : unseeded);
}

/** From here until the next seed nobody knows what is drawn. */
export function poison(m: Machine, stream: Stream, why: Message): void {
  if (stream.head === null) return;
  m.state.set(stream, "head", stream.sample?.() ?? null);
  m.state.set(stream, "why", why);
}

/** Poisons a stream because of a call whose draws are not modelled. */
export function unmodelled(m: Machine, stream: Stream, call: string): Message {
  const why: Message = { code: "python.random.unmodelled", args: { call } };
  poison(m, stream, why);
  return whyUnknown(stream) ?? why;
}

export function whyUnknown(stream: Stream): Message | null {
  return stream.head === null ? (stream.why ?? unseeded) : null;
}

/** Lets `from` draw about `count` numbers from a copy of the generator, which then is the stream's; null if it is unknown. */
export function draw<G extends Generator<G>, T>(
  m: Machine,
  stream: Stream,
  count: number,
  from: (generator: G) => T,
): T | null {
  if (stream.head === null) return null;
  const skips = stream.head instanceof TorchGenerator;
  const limit = skips ? skipLimit : drawLimit;
  if (!(count <= limit)) {
    poison(m, stream, { code: "python.random.too-many", args: { count, limit } });
    return null;
  }
  m.effort.left -= skips ? count / skippedPerElement : count;
  if (m.effort.left < 0) {
    poison(m, stream, { code: "python.tooMuchWork" });
    return null;
  }
  const next = (stream.head as G).copy();
  const result = from(next);
  m.state.set(stream, "head", next);
  return result;
}

/** What a call draws a tensor of. */
export interface DrawnTensor<G> {
  readonly framework: Library;
  readonly dims: readonly Size[] | null;
  readonly dtype: DType | null;
  readonly stream: Stream;
  /** The call, by name, for the reason why nothing is known after it. */
  readonly call: string;
  /** False where the numbers are right but for their last bit. */
  readonly exact: boolean;
  /** Absent: the draw is not modelled. */
  readonly from?: ((generator: G, draw: Draw) => TensorData | null) | undefined;
}

/** A new tensor of random numbers: known where the stream is and there are not too many, else its shape alone. */
export function drawnTensor<G extends Generator<G>>(m: Machine, d: DrawnTensor<G>): TensorValue {
  const dims = concrete(d.dims);
  const content = drawnContent(m, d, dims);
  if (!dims || !content)
    return blankTensor(
      d.framework,
      d.dims,
      fixedDType(d.dtype),
      whyUnknown(d.stream) ?? { code: "python.symbolicShape" },
    );
  return seededTensor(d, dims, content);
}

/** A tensor over elements that were drawn. */
export function seededTensor(
  d: Pick<DrawnTensor<never>, "framework" | "dtype" | "exact">,
  dims: readonly number[],
  content: Content,
): TensorValue {
  const lost = content.data === null;
  return makeTensor({
    framework: d.framework,
    shape: fixedShape(dims),
    dtype: fixedDType(d.dtype),
    view: freshView(dims, content),
    origin: lost ? "unknown" : "seeded",
    exact: d.exact && !lost,
    why: content.why,
  });
}

/**
 * The elements, row-major unless `arrange` puts them so. The stream moves on now; numbers are made when somebody looks.
 * Null: the stream is unknown, or is so from here on.
 */
export function drawnContent<G extends Generator<G>>(
  m: Machine,
  d: DrawnTensor<G>,
  dims: readonly number[] | null,
  arrange: (data: NumberArray) => NumberArray = (data) => data,
): Content | null {
  const { dtype, from, stream } = d;
  if (!dims || dtype === null || !from) {
    unmodelled(m, stream, d.call);
    return null;
  }
  const count = sizeOf(dims);
  const before = stream.head as G | null;
  const moved = draw<G, boolean>(m, stream, count, (g) => {
    from(g, { count, dtype, keep: false });
    return true;
  });
  if (!moved || !before) return null;
  const elements = (): TensorData | null => {
    const data = from(before.copy(), { count, dtype, keep: true });
    const numbers = data && held(data, dtype);
    return numbers && arrange(numbers);
  };
  return lazily(count, [], elements, count, m.effort);
}

/** 64-bit integers are held in float64 here, while they fit. */
export function held(data: TensorData, dtype: DType): NumberArray | null {
  if (!(data instanceof BigInt64Array || data instanceof BigUint64Array)) return data;
  const out = working(dtype, data.length);
  for (let at = 0; at < data.length; at++) {
    out[at] = Number(data[at]);
    if (!Number.isSafeInteger(out[at])) return null;
  }
  return out;
}

/** Writes row-major elements into a tensor in place; null: its elements are unknown from now on. */
export function overwrite(
  m: Machine,
  t: TensorValue,
  content: Content | null,
  why: Message | null,
  exact: boolean,
): void {
  const dims = concreteDims(t);
  if (t.view && dims) m.state.set(t.view.store, "content", overwritten(t.view, dims, content, why));
  const known = content !== null && content.data !== null;
  m.state.set(t, "origin", known ? "seeded" : "unknown");
  m.state.set(t, "exact", known && exact);
  m.state.set(t, "why", known ? null : (content?.why ?? why));
}

function overwritten(view: View, dims: readonly number[], content: Content | null, why: Message | null): Content {
  const { store, strides, offset } = view;
  const base = store.content;
  if (!content) return unknownContent(base.length, why);
  if (contiguous(dims, view) && offset === 0 && base.length === sizeOf(dims)) return content;
  return written(base, [content], (target) => {
    const data = force(content);
    if (!data) return false;
    walk(dims, strides, offset, (flat, at) => {
      target[at] = data[flat]!;
    });
    return true;
  });
}

/** The axes from the widest stride to the narrowest: the order in which memory is filled. */
export function memoryOrder(dims: readonly number[], strides: readonly number[]): number[] {
  const size = (axis: number): number => (dims[axis] === 1 ? 0 : Math.abs(strides[axis]!));
  return dims.map((_, axis) => axis).sort((a, b) => size(b) - size(a) || a - b);
}

/** Elements that were drawn in memory order, put row-major. */
export function fromMemoryOrder(data: NumberArray, dims: readonly number[], order: readonly number[]): NumberArray {
  if (order.every((axis, at) => axis === at)) return data;
  const strides = new Array<number>(dims.length).fill(0);
  let stride = 1;
  for (const axis of [...order].reverse()) {
    strides[axis] = stride;
    stride *= dims[axis]!;
  }
  const out = data.slice();
  walk(dims, strides, 0, (flat, at) => {
    out[flat] = data[at]!;
  });
  return out;
}
