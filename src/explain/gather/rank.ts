import { reader, type Tensor } from "../../tensor/tensor.ts";

/** Rows longer than this are not ranked for a hover. */
const longest = 65_536;

/** The place of an element among its row, largest first, from 1; equal numbers share the better place. Null for NaN. */
export function rankOf(t: Tensor, flat: number): { readonly place: number; readonly of: number } | null {
  const length = t.shape.at(-1) ?? 1;
  const read = reader(t);
  const value = read(flat);
  if (Number.isNaN(value) || length > longest) return null;
  const start = flat - (flat % length);
  let place = 1;
  for (let at = start; at < start + length; at++) if (read(at) > value) place++;
  return { place, of: length };
}
