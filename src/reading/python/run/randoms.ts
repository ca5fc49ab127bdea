import type { Randoms } from "./machine.ts";
import type { Stream } from "./values.ts";

const unseeded = { code: "python.unseeded" } as const;

/** The streams of a program that has not seeded anything yet. */
export function noRandoms(): Randoms {
  const stream = (): Stream => ({ head: null, why: unseeded });
  return { torch: stream(), numpy: stream(), python: stream() };
}
