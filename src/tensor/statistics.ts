import { reader, sizeOf, type Tensor } from "./tensor.ts";

/** What is said of a tensor in one line. Limits and mean are over finite elements; NaN where there is none. */
export interface Statistics {
  readonly count: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  readonly standardDeviation: number;
  readonly nan: number;
  readonly positiveInfinity: number;
  readonly negativeInfinity: number;
}

/** One pass (Welford), exact counts; the standard deviation is that of the population. */
export function statistics(t: Tensor): Statistics {
  const count = sizeOf(t.shape);
  const read = reader(t);
  let [finite, minimum, maximum, mean, squares] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  let [nan, positiveInfinity, negativeInfinity] = [0, 0, 0];
  for (let flat = 0; flat < count; flat++) {
    const x = read(flat);
    if (Number.isNaN(x)) nan++;
    else if (x === Number.POSITIVE_INFINITY) positiveInfinity++;
    else if (x === Number.NEGATIVE_INFINITY) negativeInfinity++;
    else {
      finite++;
      if (x < minimum) minimum = x;
      if (x > maximum) maximum = x;
      const delta = x - mean;
      mean += delta / finite;
      squares += delta * (x - mean);
    }
  }
  const none = Number.NaN;
  return {
    count,
    nan,
    positiveInfinity,
    negativeInfinity,
    minimum: finite ? minimum : none,
    maximum: finite ? maximum : none,
    mean: finite ? mean : none,
    standardDeviation: finite ? Math.sqrt(squares / finite) : none,
  };
}
