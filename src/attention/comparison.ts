import type { Stage } from "./problem.ts";
import type { AttentionResult, Head, TileRequest } from "./result.ts";

/** A head of a result. */
export interface Side {
  readonly result: AttentionResult;
  readonly head: Head;
}

/** Called every now and then, so that whoever runs this can do something else, or throw to end it; `signal` ends what threads do meanwhile. */
export interface Pause {
  (): Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/** Multiply-adds between two pauses: a few milliseconds of the reference. */
const stride = 2 ** 20;

/** Multiply-adds up to which rows are compared in float64; beyond, as tiles have them. */
const inFloat64 = 2 ** 24;

/** Cells of the tiles in which rows are compared otherwise, and rows that threads prepare together. */
const [cellsAtOnce, preparedAtOnce] = [2 ** 19, 16];

/** Multiply-adds beyond which only evenly chosen rows are compared: a second of the kernels, many of the reference. */
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
  await bothRows(left, right, { stage, from: request.row, to, every }, pause, (a, b, query) => {
    const into = Math.floor((query - request.row) / step) * columns;
    for (let block = 0; block < columns; block++) {
      const from = request.column + block * step;
      const to = Math.min(a.length, from + step);
      for (let at = from; at < to; at++) {
        const delta = difference(a[at]!, b[at]!);
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
  await bothRows(left, right, { stage: "weights", from: 0, to: rows.length, every }, pause, (a, b, query) => {
    rows.fill(jensenShannon(a, b), query, query + every);
    for (let key = 0; key < a.length; key++) {
      const value = Math.abs(difference(a[key]!, b[key]!));
      if (value > largest.value) largest = { value, query, key };
    }
  });
  return { largest, rows, ...(every > 1 && { sampled: true }) };
}

function jensenShannon(a: Numbers, b: Numbers): number {
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

type Numbers = Float64Array | Float32Array;

/** Some rows of a stage: from … to, every so many. */
interface Chosen {
  readonly stage: Stage;
  readonly from: number;
  readonly to: number;
  readonly every: number;
}

type Visit = (left: Numbers, right: Numbers, query: number) => void;

async function bothRows(left: Side, right: Side, chosen: Chosen, pause: Pause, visit: Visit): Promise<void> {
  const { from, to, every, stage } = chosen;
  const { keys, size } = left.result.sizes;
  if (Math.ceil((to - from) / every) * keys * size > inFloat64) return bothTiles(left, right, chosen, pause, visit);
  const between = Math.max(1, Math.floor(stride / (keys * size)));
  for (let query = from, count = 1; query < to; query += every, count++) {
    visit(left.result.row(left.head, query)[stage], right.result.row(right.head, query)[stage], query);
    if (count % between === 0) await pause();
  }
}

/** Rows that lie together come in one tile. */
async function bothTiles(left: Side, right: Side, chosen: Chosen, pause: Pause, visit: Visit): Promise<void> {
  const { from, to, every, stage } = chosen;
  const { keys, valueSize } = left.result.sizes;
  const columns = stage === "output" ? valueSize : keys;
  const together = every === 1 ? Math.max(1, Math.floor(cellsAtOnce / columns)) : 1;
  const queries = Array.from({ length: Math.ceil((to - from) / every) }, (_, at) => from + at * every);
  for (const { result, head } of [left, right]) {
    for (let at = 0; at < queries.length; at += preparedAtOnce) {
      await result.prepare?.(head, stage, queries.slice(at, at + preparedAtOnce), pause.signal);
      await pause();
    }
  }
  for (let query = from; query < to; query += every * together) {
    const part = { stage, row: query, rows: Math.min(together, to - query), column: 0, columns, step: 1 };
    const tile = ({ result, head }: Side) => result.tile({ ...part, ...head }, pause.signal);
    const [a, b] = await Promise.all([tile(left), tile(right)]);
    for (let line = 0; line < part.rows; line++) {
      const of = ({ values }: { values: Float32Array }) => values.subarray(line * columns, (line + 1) * columns);
      visit(of(a), of(b), query + line);
    }
    await pause();
  }
}

function sameSizes(left: Side, right: Side): void {
  for (const axis of ["queries", "keys", "valueSize"] as const) {
    const [a, b] = [left.result.sizes[axis], right.result.sizes[axis]];
    if (a !== b) throw new RangeError(`compared heads must be of one size: ${axis} ${a} and ${b}`);
  }
}
