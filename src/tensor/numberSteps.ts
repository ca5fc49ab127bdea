/** A step that a hand can see: a tenth of the number's own order of magnitude, at least 0.01. */
export function stepOf(value: number): number {
  return Math.max(0.01, 10 ** (Math.floor(Math.log10(Math.abs(value) || 1)) - 1));
}

/** So many steps of its own size from `value`, without the noise of adding decimals; what is not finite stays. */
export function stepped(value: number, steps: number): number {
  if (!Number.isFinite(value)) return value;
  const step = stepOf(value);
  const decimals = Math.max(0, Math.min(12, 2 - Math.floor(Math.log10(step))));
  return Number((value + steps * step).toFixed(decimals));
}
