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

/** Multiply-adds of the reference, a few seconds, beyond which only evenly chosen rows are compared. */
const visited = 2 ** 30;

/** Differences by block; `sampled`: of evenly chosen rows, lines of blocks without one repeat the line before. */
export interface Differences {
  readonly values: Float32Array;
  readonly sampled?: true;
}

/**
 * Differences `left − right` of a stage, one a block: the one that is largest in size, with its sign; NaN where one side is
 * NaN and the other is not. Two cells that are masked on both sides differ by 0. Row-major `rows × columns`.
 * @throws RangeError if the two heads differ in size: a bug of the caller.
 */
export async function differences(
  left: Side,
  right: Side,
  request: TileRequest,
  pause: Pause,
  most = visited,
): Promise<Differences> {
  sameSizes(left, right);
  const { rows, columns, step, stage } = request;
  const values = new Float32Array(rows * columns);
  const to = Math.min(left.result.sizes.queries, request.row + rows * step);
  const every = evenly(everyRow(left, to - request.row, most), step);
  if (every > 1 && step === 1) return { values: await cellByCell(left, right, request) };
  await bothRows(left, right, { from: request.row, to, every }, pause, (a, b, query) => {
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
  for (let line = 0; line < rows; line++) {
    const seen = line - (line % Math.max(1, every / step));
    if (seen < line) values.copyWithin(line * columns, seen * columns, (seen + 1) * columns);
  }
  return { values, ...(every > 1 && { sampled: true }) };
}

/** What is looked at closely is exact: as exact as tiles are. */
async function cellByCell(left: Side, right: Side, request: TileRequest): Promise<Float32Array> {
  const of = ({ result, head: { batch, head } }: Side) => result.tile({ ...request, batch, head });
  const [a, b] = await Promise.all([of(left), of(right)]);
  return a.values.map((x, at) => difference(x, b.values[at]!));
}

/** So many rows from one that is compared to the next. */
function everyRow({ result: { sizes } }: Side, rows: number, most: number): number {
  return Math.max(1, Math.ceil((rows * sizes.keys * sizes.size) / most));
}

/** The next number that divides `step` or is a multiple of it: then rows are the first ones of lines of blocks. */
function evenly(least: number, step: number): number {
  let every = least;
  while (step % every !== 0 && every % step !== 0) every++;
  return every;
}

function difference(a: number, b: number): number {
  return Object.is(a, b) || a === b ? 0 : a - b;
}

/**
 * How far apart two heads' weights are. `rows`: the Jensen–Shannon divergence of each query's weights in nats, 0 … ln 2
 * (Lin 1991, doi 10.1109/18.61115); a fully masked row counts as no weight anywhere. `sampled`: only evenly chosen rows were
 * compared, and the others repeat the one before them.
 */
export async function divergences(
  left: Side,
  right: Side,
  pause: Pause,
  most = visited,
): Promise<{
  largest: { value: number; query: number; key: number };
  rows: Float64Array;
  sampled?: true;
}> {
  sameSizes(left, right);
  const rows = new Float64Array(left.result.sizes.queries);
  let largest = { value: 0, query: 0, key: 0 };
  const every = everyRow(left, rows.length, most);
  await bothRows(left, right, { from: 0, to: rows.length, every }, pause, ({ weights: a }, { weights: b }, query) => {
    rows.fill(jensenShannon(a, b), query, query + every);
    for (let key = 0; key < a.length; key++) {
      const value = Math.abs(difference(a[key]!, b[key]!));
      if (value > largest.value) largest = { value, query, key };
    }
  });
  return { largest, rows, ...(every > 1 && { sampled: true }) };
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
  { from, to, every }: { readonly from: number; readonly to: number; readonly every: number },
  pause: Pause,
  visit: (left: AttentionRow, right: AttentionRow, query: number) => void,
): Promise<void> {
  const { keys, size } = left.result.sizes;
  const between = Math.max(1, Math.floor(stride / (keys * size)));
  for (let query = from, count = 1; query < to; query += every, count++) {
    visit(left.result.row(left.head, query), right.result.row(right.head, query), query);
    if (count % between === 0) await pause();
  }
}

function sameSizes(left: Side, right: Side): void {
  for (const axis of ["queries", "keys", "valueSize"] as const) {
    const [a, b] = [left.result.sizes[axis], right.result.sizes[axis]];
    if (a !== b) throw new RangeError(`compared heads must be of one size: ${axis} ${a} and ${b}`);
  }
}
