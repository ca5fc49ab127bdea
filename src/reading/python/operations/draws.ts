import type { DType, TensorData } from "../../../tensor/dtype.ts";
import type { Message } from "../../../tensor/message.ts";
import { sizeOf } from "../../../tensor/tensor.ts";
import { type Draw, drawLimit } from "../random/draw.ts";
import { known, unknownContent, valueLimit, working, written } from "../run/buffer.ts";
import type { Size } from "../run/dims.ts";
import type { Machine } from "../run/machine.ts";
import {
  blankTensor,
  concrete,
  concreteDims,
  contiguous,
  fixedDType,
  knownTensor,
  type Library,
  type TensorValue,
  walk,
} from "../run/tensorValue.ts";
import type { Stream } from "../run/values.ts";
import type { NumberArray } from "./making.ts";

/** What a stream needs of a generator. */
interface Generator<G> {
  copy(): G;
}

const unseeded: Message = { code: "python.random.unseeded" };

/** Starts a stream anew, as a call of `seed` or `manual_seed` does; null: nobody can know the seed. */
export function seed(m: Machine, stream: Stream, generator: object | null): void {
  m.state.set(stream, "head", generator);
  m.state.set(stream, "why", generator ? null : unseeded);
}

/** From here until the next seed nobody knows what is drawn. */
export function poison(m: Machine, stream: Stream, why: Message): void {
  if (stream.head === null) return;
  m.state.set(stream, "head", null);
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
  if (!(count <= drawLimit)) {
    poison(m, stream, { code: "python.random.too-many", args: { count, limit: drawLimit } });
    return null;
  }
  const next = (stream.head as G).copy();
  const result = from(next);
  m.state.set(stream, "head", next);
  return result;
}

/** What a call draws a tensor of. */
export interface DrawnTensor<G> {
  readonly library: Library;
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
  const data = drawnElements(m, d, dims);
  if (!data || !dims || d.dtype === null) {
    const why =
      whyUnknown(d.stream) ??
      (dims ? { code: "python.tooManyElements", args: { limit: valueLimit } } : { code: "python.symbolicShape" });
    return blankTensor(d.library, d.dims, fixedDType(d.dtype), why);
  }
  return knownTensor(d.library, dims, d.dtype, data, "seeded", d.exact);
}

/** The elements, row-major, as this interpreter holds them; null where they are not known or too many. */
export function drawnElements<G extends Generator<G>>(
  m: Machine,
  d: DrawnTensor<G>,
  dims: readonly number[] | null,
): NumberArray | null {
  const { dtype, from } = d;
  if (!dims || dtype === null || !from) {
    unmodelled(m, d.stream, d.call);
    return null;
  }
  const count = sizeOf(dims);
  const data = draw<G, TensorData | null>(m, d.stream, count, (g) =>
    from(g, { count, dtype, keep: count <= valueLimit }),
  );
  return data && held(data, dtype);
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

/** Writes row-major `data` into a tensor in place; null: its elements are unknown from now on. */
export function overwrite(
  m: Machine,
  t: TensorValue,
  data: NumberArray | null,
  why: Message | null,
  exact: boolean,
): void {
  const dims = concreteDims(t);
  if (t.view && dims) {
    const { store, strides, offset } = t.view;
    const base = store.content;
    const whole = contiguous(dims, t.view) && offset === 0 && base.length === sizeOf(dims);
    const content = !data
      ? unknownContent(base.length, why)
      : whole
        ? known(data)
        : written(base, [], (target) => {
            walk(dims, strides, offset, (flat, at) => {
              target[at] = data[flat]!;
            });
            return true;
          });
    m.state.set(store, "content", content);
  }
  m.state.set(t, "origin", data ? "seeded" : "unknown");
  m.state.set(t, "exact", data !== null && exact);
  m.state.set(t, "why", data ? null : why);
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
