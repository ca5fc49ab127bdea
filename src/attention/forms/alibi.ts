import type { PositionBias } from "../problem.ts";

/**
 * ALiBi for any number of heads (Press et al. 2022, arXiv 2108.12409): with a power of two, slopes are 2^(−8/n), 2^(−16/n), …;
 * else those of the power of two below, followed by every other slope of the one above, as the authors' code does.
 */
export function alibi(heads: number): PositionBias {
  return { kind: "alibi", slopes: slopesOf(heads) };
}

function slopesOf(heads: number): number[] {
  const power = 2 ** Math.floor(Math.log2(heads));
  const slopes = geometric(power);
  if (power === heads) return slopes;
  const more = geometric(2 * power).filter((_, at) => at % 2 === 0);
  return [...slopes, ...more.slice(0, heads - power)];
}

function geometric(heads: number): number[] {
  return Array.from({ length: heads }, (_, at) => 2 ** ((-8 * (at + 1)) / heads));
}
