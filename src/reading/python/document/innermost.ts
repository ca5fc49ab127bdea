import type { TextRange } from "../../document.ts";

/** From the beginning of the text on, what holds another before it. */
export function byPlace(a: TextRange, b: TextRange): number {
  return a.start - b.start || b.end - a.end;
}

/** The narrowest stretch around an offset, its end included; of equal ones the last. @param sorted as `byPlace` has them. */
export function innermost<Stretch extends TextRange>(sorted: Iterable<Stretch>, offset: number): Stretch | null {
  let best: Stretch | null = null;
  for (const each of sorted) {
    if (each.start > offset) break;
    if (offset <= each.end && (!best || each.end - each.start <= best.end - best.start)) best = each;
  }
  return best;
}
