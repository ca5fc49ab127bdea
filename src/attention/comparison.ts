import type { AttentionResult, AttentionRow, Head, TileRequest } from "./result.ts";

/** A head of a result. */
export interface Side {
  readonly result: AttentionResult;
  readonly head: Head;
}

/** Called every now and then, so that whoever runs this can do something else, or throw to end it. */
export type Pause = () => Promise<void>;

/** Multiply-adds between two pauses: a few milliseconds of the reference. */
const stride = 2 ** 20;

/**
 * Differences `left − right` of a stage, one a block: the one that is largest in size, with its sign; NaN where one side is
 * NaN and the other is not. Two cells that are masked on both sides differ by 0. Row-major `rows × columns`.
 * @throws RangeError if the two heads differ in size: a bug of the caller.
 */
export async function differences(left: Side, right: Side, request: TileRequest, pause: Pause): Promise<Float32Array> {
  sameSizes(left, right);
  const { rows, columns, step, stage } = request;
  const values = new Float32Array(rows * columns);
  const last = left.result.sizes.queries;
  await bothRows(left, right, request.row, Math.min(last, request.row + rows * step), pause, (a, b, query) => {
    const into = Math.floor((query - request.row) / step) * columns;
    for (let block = 0; block < columns; block++) {
      const from = request.column + block * step;
      const to = Math.min(a[stage].length, from + step);
      for (let at = from; at < to; at++) {
        const delta = difference(a[stage][at]!, b[stage][at]!);
        if (Number.isNaN(delta) || Math.abs(delta) > Math.abs(values[into + block]!)) values[into + block] = delta;
      }
    }
  });
  return values;
}

function difference(a: number, b: number): number {
  return Object.is(a, b) || a === b ? 0 : a - b;
}

/**
 * How far apart two heads' weights are. `rows`: the Jensen–Shannon divergence of each query's weights in nats, 0 … ln 2
 * (Lin 1991, doi 10.1109/18.61115); a fully masked row counts as no weight anywhere.
 */
export async function divergences(
  left: Side,
  right: Side,
  pause: Pause,
): Promise<{
  largest: { value: number; query: number; key: number };
  rows: Float64Array;
}> {
  sameSizes(left, right);
  const rows = new Float64Array(left.result.sizes.queries);
  let largest = { value: 0, query: 0, key: 0 };
  await bothRows(left, right, 0, rows.length, pause, ({ weights: a }, { weights: b }, query) => {
    rows[query] = jensenShannon(a, b);
    for (let key = 0; key < a.length; key++) {
      const value = Math.abs(difference(a[key]!, b[key]!));
      if (value > largest.value) largest = { value, query, key };
    }
  });
  return { largest, rows };
}

function jensenShannon(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let key = 0; key < a.length; key++) {
    const middle = (a[key]! + b[key]!) / 2;
    sum += term(a[key]!, middle) + term(b[key]!, middle);
  }
  return Math.max(0, sum / 2);
}

function term(p: number, middle: number): number {
  return p === 0 ? 0 : p * Math.log(p / middle);
}

async function bothRows(
  left: Side,
  right: Side,
  from: number,
  to: number,
  pause: Pause,
  visit: (left: AttentionRow, right: AttentionRow, query: number) => void,
): Promise<void> {
  const { keys, size } = left.result.sizes;
  const between = Math.max(1, Math.floor(stride / (keys * size)));
  for (let query = from; query < to; query++) {
    visit(left.result.row(left.head, query), right.result.row(right.head, query), query);
    if ((query - from) % between === between - 1) await pause();
  }
}

function sameSizes(left: Side, right: Side): void {
  for (const axis of ["queries", "keys", "valueSize"] as const) {
    const [a, b] = [left.result.sizes[axis], right.result.sizes[axis]];
    if (a !== b) throw new RangeError(`compared heads must be of one size: ${axis} ${a} and ${b}`);
  }
}
