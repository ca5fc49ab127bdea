import type { DType } from "../../tensor/dtype.ts";
import type { Leaves } from "./leaves.ts";
import { integerAt } from "./leaves.ts";
import type { Tape } from "./tape.ts";

/** Integers of 64 bits, which a double does not hold exactly. */
export function isWide(dtype: DType): dtype is "int64" | "uint64" {
  return dtype === "int64" || dtype === "uint64";
}

/**
 * 64-bit integers, exact: those that a double may have rounded are read from the text again. The others are written as
 * two halves, because a BigInt for each would take ten times as long.
 */
export function integers(tape: Tape, dtype: "int64" | "uint64", leaves: Leaves): BigInt64Array | BigUint64Array {
  const count = leaves.count;
  const out = dtype === "int64" ? new BigInt64Array(count) : new BigUint64Array(count);
  const halves = new Int32Array(out.buffer);
  for (let at = 0; at < count; at++) {
    const value = leaves.values[at]!;
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER) {
      out[at] = integerAt(tape.text, leaves.starts[at]!);
    } else {
      halves[2 * at] = value | 0;
      halves[2 * at + 1] = Math.floor(value / 4294967296);
    }
  }
  return out;
}
