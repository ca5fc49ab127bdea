import { contextBytes, contextFields as field, tileKeys } from "./contextFields.ts";
import type { Kernel } from "./instance.ts";
import { type HeadData, type Job, passRows } from "./job.ts";

/** 2^f on −½ … ½ by a polynomial of degree 5 (least relative error 7.5e-8), then 1.5·2²³ + 127, then the least exponent. */
const constants = [
  1.0000000716546849, 0.6931469670647609, 0.24022119723839974, 0.055507132734978495, 0.009675541334453752,
  0.0013276471992533978, 12583039, -127,
] as const;

/** The maximum of a row that has seen no key: low enough for any score, finite so that differences are numbers. */
const nothingSeen = -1e30;

/** Multiply-adds that one call of a kernel may do, so that it lasts a few milliseconds at most. */
const callBudget = 5e7;

/** What a pair of a query and a key costs, in multiply-adds: a term of the additive score takes a division. */
export function multiplyAdds(kind: number, size: number, valueSize: number): number {
  return (kind === 1 ? 6 * size : size) + valueSize;
}

/** A thread's own memory: where its context, its tile and its sums lie. Addresses are bytes. */
export interface Scratch {
  readonly context: number;
  readonly low: number;
  readonly high: number;
  readonly own: number;
  /** The first near key of each row, then the one after the last. */
  readonly near: number;
  readonly state: number;
  readonly end: number;
}

/** Bytes of scratch that a job needs for one thread. */
export function scratchBytes(job: Job, keys: number): number {
  return layOut(job, keys, 0).end;
}

/** Lays scratch out from `base` and writes what all heads of a job share into its context. */
export function prepareScratch(kernel: Kernel, job: Job, base: number): Scratch {
  const scratch = layOut(job, kernel.keys, base);
  const at = base >>> 2;
  const { integers, floats } = kernel;
  integers.fill(0, at, at + (contextBytes >>> 2));
  const set = (name: keyof typeof field, value: number): void => {
    integers[at + field[name]] = value;
  };
  const { pooling } = job;
  for (const [name, address] of Object.entries(scratch.addresses)) set(name as keyof typeof field, address);
  set("queryCount", job.queries);
  set("keyCount", job.keys);
  set("size", job.size);
  set("paddedSize", job.paddedSize);
  set("valueSize", job.valueSize);
  set("valueBlocks", job.valueBlocks);
  set("paddedKeys", job.paddedKeys);
  set("maskKind", job.maskKind);
  set("maskRowStride", job.maskStrides[0]);
  set("maskColumnStride", job.maskStrides[1]);
  set("tableWidth", job.tableWidth);
  set("tableZero", job.tableZero);
  set("scoreKind", job.score.kind);
  set("vector", job.score.vector);
  set("globalKeys", job.sparse.near ? job.sparse.globalKeys : 0);
  set("dilation", job.sparse.dilation);
  set("poolColumns", pooling.columns);
  set("poolBlocks", pooling.blocks);
  set("poolRows", pooling.rows);
  for (const [index, x] of constants.entries()) floats[at + field.constants + index] = x;
  return scratch;
}

interface LaidOut extends Scratch {
  readonly addresses: Readonly<Record<string, number>>;
}

function layOut(job: Job, keys: number, base: number): LaidOut {
  let end = base;
  const take = (bytes: number): number => {
    const start = end;
    end = start + Math.ceil(bytes / 64) * 64;
    return start;
  };
  const context = take(contextBytes);
  const [low, high, own, near] = [take(passRows * 4), take(passRows * 4), take(passRows * 4), take(passRows * 8)];
  const state = take(4 * 96);
  const { blocks } = job.pooling;
  const addresses = {
    low,
    high,
    own,
    near,
    state,
    packedQuery: take(passRows * job.paddedSize * 4),
    tile: take((tileKeys + 16) * 32),
    lines: take(tileKeys * 32),
    sums: take(passRows * job.valueBlocks * keys * 4),
    poolMaximum: take(passRows * blocks * 4),
    poolSum: take(passRows * blocks * 4),
    poolState: take(job.pooling.columns ? 4 * Math.ceil(job.keys / tileKeys) * 32 : 0),
  };
  return { context, low, high, own, near, state, addresses, end };
}

const addressesOfHead = [
  "query",
  "keys",
  "values",
  "output",
  "statistics",
  "mapMaximum",
  "mapSum",
  "mask",
  "table",
] as const;

/** Points a context at a head. `units`: what a scaled score is multiplied with; log₂e for softmax, 1 for scores as people read them. */
export function pointAtHead(
  kernel: Kernel,
  job: Job,
  context: number,
  head: HeadData,
  factor: number,
  units: number,
): void {
  const at = context >>> 2;
  const { integers, floats } = kernel;
  for (const name of addressesOfHead) integers[at + field[name]] = head[name];
  const { kind, constant } = job.score;
  floats[at + field.factor] = kind === 0 ? factor : 1;
  floats[at + field.scoreFactor] = kind === 2 ? factor * Math.LN2 : factor;
  floats[at + field.scoreConstant] = constant;
  floats[at + field.cap] = job.softcap * units;
  floats[at + field.capFactor] = job.softcap ? (2 * Math.LOG2E) / (job.softcap * units) : 0;
  floats[at + field.biasFactor] = units;
  floats[at + field.slope] = head.slope;
}

/**
 * Writes what positions allow rows first … first + 31; rows beyond the last repeat it. Answers the keys that any of them may
 * attend to, from a tile's start on.
 */
export function writeRanges(
  { integers }: Kernel,
  job: Job,
  { low, high, own, near }: Scratch,
  batch: number,
  first: number,
): [from: number, to: number] {
  let [from, to] = [Number.POSITIVE_INFINITY, 0];
  const nearAt = job.sparse.near >>> 2;
  for (let lane = 0; lane < passRows; lane++) {
    const row = batch * job.queries + Math.min(first + lane, job.queries - 1);
    const start = job.ranges ? integers[(job.ranges >>> 2) + row * 2]! : 0;
    const end = job.ranges ? integers[(job.ranges >>> 2) + row * 2 + 1]! : job.keys;
    integers[(low >>> 2) + lane] = start;
    integers[(high >>> 2) + lane] = end;
    integers[(own >>> 2) + lane] = job.own ? integers[(job.own >>> 2) + row]! : 0;
    if (nearAt) {
      integers[(near >>> 2) + lane] = integers[nearAt + row * 2]!;
      integers[(near >>> 2) + passRows + lane] = integers[nearAt + row * 2 + 1]!;
    }
    from = Math.min(from, start);
    to = Math.max(to, end);
  }
  return [Math.floor(from / tileKeys) * tileKeys, to];
}

/**
 * Computes the rows of a turn from `first` on, in calls of a few milliseconds: output, statistics and their part of the map.
 * Ends early, with false, when `cancelled` says so.
 */
export function computeBlock(
  kernel: Kernel,
  job: Job,
  scratch: Scratch,
  head: HeadData,
  first: number,
  cancelled: () => boolean,
): boolean {
  pointAtHead(kernel, job, scratch.context, head, job.scale * Math.LOG2E, Math.LOG2E);
  return computePass(kernel, job, scratch, head, first, cancelled);
}

function computePass(
  kernel: Kernel,
  job: Job,
  scratch: Scratch,
  head: HeadData,
  row: number,
  cancelled: () => boolean,
): boolean {
  const { exports } = kernel;
  const groups = Math.ceil(Math.min(job.rows, job.queries - row) / 8);
  const [from, to] = writeRanges(kernel, job, scratch, head.batch, row);
  const sink = head.sink === null ? null : head.sink * Math.LOG2E;
  exports.start(scratch.context, groups, row, sink ?? nothingSeen, sink === null ? 0 : 1);
  const step =
    Math.max(
      1,
      Math.floor(callBudget / (passRows * multiplyAdds(job.score.kind, job.paddedSize, job.valueSize) * tileKeys)),
    ) * tileKeys;
  for (let key = from; key < to; key += step) {
    if (cancelled()) return false;
    exports.attend(scratch.context, groups, row, key, Math.min(to, key + step));
  }
  exports.finish(scratch.context, groups, row);
  return true;
}
