import { done, failed, type Outcome } from "../../tensor/message.ts";
import { type Tensor, tensor, toFloat64 } from "../../tensor/tensor.ts";
import type { Segments } from "../problem.ts";

/** Packed sequences given as `cu_seqlens` (flash-attn): starts, and the total at the end, `[count + 1]`. Fails as `attention.cu-seqlens`. */
export function fromLengths(queries: Tensor, keys: Tensor = queries): Outcome<Segments> {
  const [q, k] = [queries, keys].map((t) => Array.from(toFloat64(t))) as [number[], number[]];
  const ascends = (list: readonly number[]): boolean =>
    list[0] === 0 && list.every((x, at) => Number.isInteger(x) && (at === 0 || x >= list[at - 1]!));
  if (q.length !== k.length || q.length < 2 || !ascends(q) || !ascends(k))
    return failed("attention.cu-seqlens", { queries: q, keys: k });
  return done({ queries: q, keys: k });
}

/** Packed sequences given as an id a position, `[L]` and `[S]`, in any order: the boolean mask of pairs with the same id, `[L, S]`. */
export function segmentMask(queries: Tensor, keys: Tensor = queries): Tensor {
  const [q, k] = [toFloat64(queries), toFloat64(keys)];
  const data = Uint8Array.from({ length: q.length * k.length }, (_, at) =>
    Number(q[Math.floor(at / k.length)] === k[at % k.length]),
  );
  return tensor("bool", [q.length, k.length], data);
}
