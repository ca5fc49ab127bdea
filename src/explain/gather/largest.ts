/** Indices of the `count` largest numbers, largest first, the earlier of equal ones first. NaN comes last. O(n·count). */
export function largest(numbers: ArrayLike<number>, count: number): number[] {
  const best: number[] = [];
  const rank = (at: number) => (Number.isNaN(numbers[at]!) ? Number.NEGATIVE_INFINITY : numbers[at]!);
  for (let at = 0; at < numbers.length; at++) {
    if (best.length === count && !(rank(at) > rank(best[count - 1]!))) continue;
    let place = best.length;
    while (place > 0 && rank(at) > rank(best[place - 1]!)) place--;
    best.splice(place, 0, at);
    if (best.length > count) best.pop();
  }
  return best;
}
