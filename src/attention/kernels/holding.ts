import { valueAt } from "../../tensor/tensor.ts";
import type { MaskView } from "../mask.ts";
import type { Plan } from "../plan.ts";
import type { Arena } from "./arena.ts";
import { copyRows } from "./copyRows.ts";
import { additiveOf, exponentiate } from "./exponentials.ts";
import { type Kernel, refreshed } from "./instance.ts";
import { type HeadData, type Job, type KernelPattern, passRows, poolingFor } from "./job.ts";
import { fitsFloat32, scoreKinds } from "./suitable.ts";

/** A problem's numbers in a kernel's memory: brought in head by head, taken out together. */
export interface Holding {
  readonly kernel: Kernel;
  readonly job: Omit<Job, "heads">;
  /** Address of all heads' outputs, `[batch][heads][L][Ev]`. */
  readonly outputs: number;
  /** Address and bytes of what all heads read: position ranges, mask, tables. */
  readonly shared: readonly (readonly [address: number, bytes: number])[];
  /** Where a head's data lies or will lie; null where memory is refused. No memory is taken after this. */
  reserve(batch: number, head: number): HeadData | null;
  /** The data of a head, brought in when first asked for; null where memory is refused or float32 cannot hold it. */
  head(batch: number, head: number): HeadData | null;
  /** Brings queries from … to of a head in again: where E = Ev, computing a block leaves its output in their place. */
  restore(batch: number, head: number, from: number, to: number): void;
  dispose(): void;
}

/** Rows that are copied and packed at a time. */
const packRows = 384;

/** Prepares a problem: what all heads share is written at once. null where memory is refused. */
export function holdingOf(plan: Plan, kernel: Kernel, arena: Arena, map: boolean): Holding | null {
  const taken: (readonly [address: number, bytes: number])[] = [];
  const take = (bytes: number): number | null => {
    const address = arena.allocate(bytes);
    if (address !== null) taken.push([address, bytes]);
    refreshed(kernel);
    return address;
  };
  const shared = sharedPart(plan, kernel, take, map);
  const dispose = (): void => {
    for (const [address] of taken.splice(0)) arena.free(address);
  };
  const read = taken.filter(([address]) => address !== shared?.outputs && address !== shared?.stage);
  if (!shared) {
    dispose();
    return null;
  }
  const reserved = new Map<number, HeadData | null>();
  const filled = new Map<number, boolean>();
  const packed = new Map<number, Packed>();
  const reserve = (batch: number, index: number): HeadData | null => {
    const at = batch * plan.sizes.heads + index;
    if (!reserved.has(at)) reserved.set(at, placeOf(plan, kernel, shared, packed, take, batch, index));
    return reserved.get(at) ?? null;
  };
  const head = (batch: number, index: number): HeadData | null => {
    const [at, data] = [batch * plan.sizes.heads + index, reserve(batch, index)];
    if (data && !filled.has(at)) filled.set(at, fill(plan, refreshed(kernel), shared, packed, data, batch, index));
    return filled.get(at) ? data : null;
  };
  const restore = (batch: number, index: number, from: number, to: number): void => {
    const data = head(batch, index);
    if (data) copyQueries(plan, refreshed(kernel), batch, index, from, to, data.query + from * shared.job.size * 4);
  };
  return { kernel, job: shared.job, outputs: shared.outputs, shared: read, reserve, head, restore, dispose };
}

type Take = (bytes: number) => number | null;

interface Shared {
  readonly job: Omit<Job, "heads">;
  readonly mask: number;
  readonly table: number;
  readonly outputs: number;
  /** Where rows lie before they are packed. */
  readonly stage: number;
}

function sharedPart(plan: Plan, kernel: Kernel, take: Take, map: boolean): Shared | null {
  const { queries, keys, size, valueSize } = plan.sizes;
  const ranges = plan.positions.any ? writeRanges(plan, kernel, take) : 0;
  const own = plan.problem.bias || plan.sparse ? writeOwn(plan, kernel, take) : 0;
  const sparse = writePattern(plan, kernel, take);
  const mask = plan.mask ? writeMask(plan, plan.mask, kernel, take) : 0;
  const table = plan.problem.bias?.kind === "relative" ? writeTable(plan, kernel, take) : 0;
  const vector = writeVector(plan, kernel, take);
  const stage = take(packRows * Math.max(size, valueSize) * 4);
  const outputs = take(plan.sizes.batch * plan.sizes.heads * queries * valueSize * 4);
  if (ranges === null || own === null || mask === null || table === null || vector === null) return null;
  if (sparse === null) return null;
  if (stage === null || outputs === null) return null;
  const { bias } = plan.problem;
  const pooling = poolingFor(queries, keys, map);
  const job: Omit<Job, "heads"> = {
    queries,
    keys,
    rows: passRows,
    size,
    valueSize,
    ranges,
    own,
    sparse,
    pooling,
    paddedSize: Math.ceil(size / 4) * 4,
    valueBlocks: Math.ceil(valueSize / kernel.keys),
    paddedKeys: Math.ceil(keys / kernel.keys) * kernel.keys,
    scale: plan.scale,
    softcap: plan.softcap ?? 0,
    maskKind: plan.mask ? (plan.mask.kind === "boolean" ? 1 : 2) : 0,
    maskStrides: plan.mask
      ? [plan.mask.strides[2] === 0 ? 0 : maskWidth(plan, plan.mask), plan.mask.strides[3] === 0 ? 0 : 1]
      : [0, 0],
    tableWidth: bias?.kind === "relative" ? bias.table.shape[1]! : 0,
    tableZero: bias?.kind === "relative" ? bias.zero : 0,
    score: {
      kind: scoreKinds[plan.problem.score?.kind ?? "dot"],
      vector,
      constant: additiveOf(plan)?.vector.reduce((sum, x) => sum + x, 0) ?? 0,
    },
  };
  return { job, mask, table, outputs, stage };
}

/** −2v of the additive score, zeros behind it; 0 for others. */
function writeVector(plan: Plan, kernel: Kernel, take: Take): number | null {
  const additive = additiveOf(plan);
  if (!additive) return 0;
  const padded = Math.ceil(plan.sizes.size / 4) * 4;
  const address = take(padded * 4);
  if (address === null) return null;
  kernel.floats.fill(0, address >>> 2, (address >>> 2) + padded);
  for (const [at, x] of additive.vector.entries()) kernel.floats[(address >>> 2) + at] = -2 * x;
  return address;
}

function writeRanges(plan: Plan, kernel: Kernel, take: Take): number | null {
  const { batch, queries } = plan.sizes;
  const address = take(batch * queries * 8);
  if (address === null) return null;
  let at = address >>> 2;
  for (let b = 0; b < batch; b++) {
    for (let query = 0; query < queries; query++) {
      const low = Math.max(0, plan.positions.low(b, query));
      kernel.integers[at++] = Math.min(low, plan.sizes.keys);
      kernel.integers[at++] = Math.max(0, plan.positions.high(b, query));
    }
  }
  return address;
}

function writeOwn(plan: Plan, kernel: Kernel, take: Take): number | null {
  const { batch, queries } = plan.sizes;
  const address = take(batch * queries * 4);
  if (address === null) return null;
  for (let row = 0; row < batch * queries; row++) {
    kernel.integers[(address >>> 2) + row] = plan.positions.own(Math.floor(row / queries), row % queries);
  }
  return address;
}

function writePattern({ sparse, sizes }: Plan, kernel: Kernel, take: Take): KernelPattern | null {
  if (!sparse) return { near: 0, globalKeys: 0, dilation: 1 };
  const { batch, queries, keys } = sizes;
  const near = take(batch * queries * 8);
  const globalKeys = take(Math.ceil(keys / kernel.keys) * kernel.keys);
  if (near === null || globalKeys === null) return null;
  let at = near >>> 2;
  for (let row = 0; row < batch * queries; row++) {
    const [from, to] = sparse.near(Math.floor(row / queries), row % queries) ?? [-1, -1];
    kernel.integers[at++] = Math.min(from, keys);
    kernel.integers[at++] = Math.max(-1, to);
  }
  kernel.bytes.fill(0, globalKeys + keys, globalKeys + Math.ceil(keys / kernel.keys) * kernel.keys);
  kernel.bytes.set(sparse.globalKeys, globalKeys);
  return { near, globalKeys, dilation: sparse.dilation };
}

/** Columns that the mask's copy has. */
function maskWidth(plan: Plan, mask: MaskView): number {
  return mask.strides[3] === 0 ? 1 : plan.sizes.keys;
}

/** The mask, its repeated axes once: `[batch or 1][heads or 1][L or 1][S or 1]`, bytes for a boolean one, floats for an additive one. */
function writeMask(plan: Plan, mask: MaskView, kernel: Kernel, take: Take): number | null {
  const { batch, heads, queries } = plan.sizes;
  const [b, h, i, j] = mask.strides;
  const [batches, perBatch, rows, columns] = [b ? batch : 1, h ? heads : 1, i ? queries : 1, maskWidth(plan, mask)];
  const boolean = mask.kind === "boolean";
  const address = take(batches * perBatch * rows * columns * (boolean ? 1 : 4));
  if (address === null) return null;
  const to = boolean ? kernel.bytes : kernel.floats;
  let at = boolean ? address : address >>> 2;
  for (let row = 0; row < batches * perBatch * rows; row++) {
    const [entry, head, query] = [Math.floor(row / (perBatch * rows)), Math.floor(row / rows) % perBatch, row % rows];
    const from = mask.offset + entry * b + head * h + query * i;
    // Rows that lie as the kernel wants them are copied whole: a byte other than 0 allows, whatever it is.
    const whole = j === 1 && (boolean ? mask.data instanceof Uint8Array : isFloats(mask.data));
    if (whole) {
      to.set((mask.data as Uint8Array | Float32Array).subarray(from, from + columns), at);
      at += columns;
      continue;
    }
    for (let column = 0; column < columns; column++) {
      const value = Number(mask.data[from + column * j]);
      to[at++] = boolean ? Number(value !== 0) : value;
    }
  }
  return address;
}

function isFloats(data: MaskView["data"]): boolean {
  return data instanceof Float32Array || data instanceof Float64Array;
}

function writeTable(plan: Plan, kernel: Kernel, take: Take): number | null {
  const { bias } = plan.problem;
  if (bias?.kind !== "relative") return 0;
  const [heads, width] = bias.table.shape as [number, number];
  const address = take(heads * width * 4);
  if (address === null) return null;
  for (let flat = 0; flat < heads * width; flat++) kernel.floats[(address >>> 2) + flat] = valueAt(bias.table, flat);
  return address;
}

/** A key/value head's place, and what packing it told. */
interface Packed {
  readonly keys: number;
  readonly values: number;
  largest: Largest | null;
}

/** The largest |k| and |v|; ∞ where a value is not finite, since a kernel would multiply it with 0 for a masked pair. */
interface Largest {
  readonly key: number;
  readonly value: number;
}

/** Takes memory for a head; its key/value head's only once. */
function placeOf(
  plan: Plan,
  kernel: Kernel,
  { job, mask, table, outputs }: Shared,
  packed: Map<number, Packed>,
  take: Take,
  batch: number,
  head: number,
): HeadData | null {
  const at = keyHeadOf(plan, batch, head);
  if (!packed.has(at)) {
    const keys = take(job.paddedKeys * job.paddedSize * 4);
    const values = take(job.paddedKeys * job.valueBlocks * kernel.keys * 4);
    if (keys === null || values === null) return null;
    packed.set(at, { keys, values, largest: null });
  }
  const { pooling } = job;
  const cells = pooling.blocks * pooling.lines * 4;
  const output = outputs + (batch * plan.sizes.heads + head) * job.queries * job.valueSize * 4;
  const places = [job.queries * 12, cells, cells].map(take);
  const query = job.size === job.valueSize ? output : take(job.queries * job.size * 4);
  if (query === null || places.includes(null)) return null;
  const [statistics, mapMaximum, mapSum] = places as [number, number, number];
  const { bias, sinks } = plan.problem;
  return {
    keys: packed.get(at)!.keys,
    values: packed.get(at)!.values,
    query,
    output,
    statistics,
    mapMaximum,
    mapSum,
    batch,
    mask: mask ? mask + maskStart(plan, batch, head) : 0,
    table: table && bias?.kind === "relative" ? table + (bias.table.shape[0] === 1 ? 0 : head * job.tableWidth * 4) : 0,
    slope: bias?.kind === "alibi" ? bias.slopes[head]! : 0,
    sink: sinks ? sinks[head]! : null,
  };
}

function keyHeadOf(plan: Plan, batch: number, head: number): number {
  return batch * plan.sizes.kvHeads + Math.floor(head / plan.group);
}

/** Brings a head's numbers in. False where float32 cannot hold them. */
function fill(
  plan: Plan,
  kernel: Kernel,
  { job, stage }: Shared,
  packed: ReadonlyMap<number, Packed>,
  data: HeadData,
  batch: number,
  head: number,
): boolean {
  const at = keyHeadOf(plan, batch, head);
  const pair = packed.get(at)!;
  pair.largest ??= pack(plan, kernel, job, stage, pair, batch, at % plan.sizes.kvHeads);
  if (!copyQueries(plan, kernel, batch, head, 0, job.queries, data.query)) return false;
  const largest = kernel.exports.largest(data.query, job.queries * job.size, 0);
  return fitsFloat32(plan, largest, pair.largest.key, pair.largest.value);
}

/** Queries from … to of a head as the kernels take them. False where float32 cannot hold them. */
export function copyQueries(
  plan: Plan,
  kernel: Kernel,
  batch: number,
  head: number,
  from: number,
  to: number,
  address: number,
): boolean {
  copyRows(kernel, plan.query, batch, head, from, to, address);
  const additive = additiveOf(plan);
  return !additive || exponentiate(kernel, address, to - from, plan.sizes.size, additive.bias);
}

/** Bytes from the mask's start to its rows for a head. */
function maskStart(plan: Plan, batch: number, head: number): number {
  const mask = plan.mask!;
  const [b, h, i] = mask.strides;
  const rows = (i ? plan.sizes.queries : 1) * maskWidth(plan, mask);
  const perBatch = h ? plan.sizes.heads : 1;
  return ((b ? batch : 0) * perBatch + (h ? head : 0)) * rows * (mask.kind === "boolean" ? 1 : 4);
}

function pack(
  plan: Plan,
  kernel: Kernel,
  job: Omit<Job, "heads">,
  stage: number,
  { keys, values }: Packed,
  batch: number,
  kvHead: number,
): Largest {
  clearPadding(kernel, job, keys, values);
  const unbiased = plan.problem.score?.kind === "additive" ? new Float64Array(job.size) : null;
  let [key, value] = [0, 0];
  for (let from = 0; from < job.keys; from += packRows) {
    const to = Math.min(job.keys, from + packRows);
    copyRows(kernel, plan.key, batch, kvHead, from, to, stage);
    if (unbiased && !exponentiate(kernel, stage, to - from, job.size, unbiased)) key = Number.POSITIVE_INFINITY;
    key = Math.max(key, kernel.exports.largest(stage, (to - from) * job.size, 0));
    kernel.exports.packKeys(stage, keys, job.size, job.paddedSize, from, to);
    copyRows(kernel, plan.value, batch, kvHead, from, to, stage);
    value = Math.max(value, kernel.exports.largest(stage, (to - from) * job.valueSize, 1));
    kernel.exports.packValues(stage, values, job.valueSize, job.paddedKeys, from, to);
  }
  return { key, value };
}

/** Zeroes what packing leaves out: what lay there could be NaN, which times 0 is NaN. */
function clearPadding(kernel: Kernel, job: Omit<Job, "heads">, keys: number, values: number): void {
  const { bytes } = kernel;
  const block = job.paddedSize * kernel.keys * 4;
  const from = job.paddedSize === job.size ? Math.floor(job.keys / kernel.keys) * block : 0;
  bytes.fill(0, keys + from, keys + job.paddedKeys * job.paddedSize * 4);
  const stride = job.paddedKeys * kernel.keys * 4;
  for (let column = 0; column < job.valueBlocks; column++) {
    const end = values + (column + 1) * stride;
    bytes.fill(0, end - (job.paddedKeys - job.keys) * kernel.keys * 4, end);
  }
}
