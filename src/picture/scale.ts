/** The numbers that a colour scale spans, both finite, minimum ≤ maximum. */
export interface Domain {
  readonly minimum: number;
  readonly maximum: number;
}

export const scaleKinds = ["linear", "log"] as const;
export type ScaleKind = (typeof scaleKinds)[number];

/** A number's place on the colour scale: 0 … 1 within the domain, clamped outside, NaN for NaN. ±∞ are the ends. */
export type Scale = (x: number) => number;

/** Orders of magnitude that the log scale shows below the largest number. */
const decades = 6;

/** A domain with 0 in its middle, for a diverging colour map: no colour without a sign. */
export function balanced({ minimum, maximum }: Domain): Domain {
  const reach = Math.max(Math.abs(minimum), Math.abs(maximum));
  return { minimum: -reach, maximum: reach };
}

/**
 * The scale of `kind` over `domain`. A domain of one number puts that number in the middle (so that a constant matrix is
 * neither "all least" nor "all most"). `log` shows six decades of positive numbers; where the domain reaches below zero
 * it is symmetric: zero in the middle, three decades either way.
 */
export function scaleOver(kind: ScaleKind, domain: Domain): Scale {
  const { minimum, maximum } = domain;
  const bend = kind === "linear" ? (x: number) => x : minimum < 0 ? symmetricLog(domain) : log(domain);
  // Halves, because the distance between two float64 numbers may be beyond the largest float64 number.
  const low = bend(minimum) / 2;
  const reach = bend(maximum) / 2 - low;
  if (!(reach > 0)) return (x) => (Number.isNaN(x) ? x : x < minimum ? 0 : x > maximum ? 1 : 0.5);
  return (x) => (x >= maximum ? 1 : x <= minimum ? 0 : clamped((bend(x) / 2 - low) / reach));
}

function log({ minimum, maximum }: Domain): Scale {
  const floor = Math.max(minimum, maximum * 10 ** -decades, Number.MIN_VALUE);
  return (x) => Math.log(Math.max(x, floor));
}

function symmetricLog({ minimum, maximum }: Domain): Scale {
  const unit = Math.max(Math.max(-minimum, maximum) * 10 ** (-decades / 2), Number.MIN_VALUE);
  return (x) => Math.sign(x) * Math.log1p(Math.abs(x) / unit);
}

function clamped(t: number): number {
  return Math.max(0, Math.min(1, t));
}

/** Least and largest finite number; null where there is none. */
export function finiteDomain(values: ArrayLike<number>): Domain | null {
  let [minimum, maximum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    if (!Number.isFinite(x)) continue;
    if (x < minimum) minimum = x;
    if (x > maximum) maximum = x;
  }
  return minimum <= maximum ? { minimum, maximum } : null;
}
