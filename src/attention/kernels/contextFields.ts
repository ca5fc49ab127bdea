/**
 * Where a kernel's context keeps each of its numbers, in 4-byte words from the context's start: the contract between the
 * generated AssemblyScript (assembly/source.mjs reads this table) and `kernels/block.ts`. The first part holds integers and
 * addresses, from `factor` on floats; `constants` are eight numbers, the last words are scratch.
 */
export const contextFields = {
  query: 0,
  keys: 1,
  values: 2,
  output: 3,
  queryCount: 4,
  keyCount: 5,
  size: 6,
  paddedSize: 7,
  valueSize: 8,
  valueBlocks: 9,
  paddedKeys: 10,
  packedQuery: 11,
  tile: 12,
  sums: 13,
  state: 14,
  low: 15,
  high: 16,
  own: 17,
  mask: 18,
  maskKind: 19,
  maskRowStride: 20,
  maskColumnStride: 21,
  table: 22,
  tableWidth: 23,
  tableZero: 24,
  poolColumns: 25,
  poolBlocks: 26,
  poolMaximum: 27,
  poolSum: 28,
  poolState: 29,
  mapMaximum: 30,
  mapSum: 31,
  poolRows: 32,
  statistics: 33,
  tileOut: 34,
  tileColumns: 35,
  lines: 36,
  scoreKind: 37,
  vector: 38,
  near: 39,
  globalKeys: 40,
  dilation: 41,
  factor: 42,
  cap: 43,
  capFactor: 44,
  biasFactor: 45,
  slope: 46,
  scoreFactor: 47,
  scoreConstant: 48,
  constants: 49,
} as const;

/** Bytes of a context. */
export const contextBytes = 512;

/** Keys of one step of the online softmax; a multiple of both tile widths and of the powers of two up to 128. */
export const tileKeys = 384;
