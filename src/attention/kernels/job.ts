import { tileKeys } from "./contextFields.ts";

/** Addresses of one query head's data in the kernel's memory. */
export interface HeadData {
  /** `[L][E]`, as it came; where E = Ev that is `output`: a block that is computed has taken the place of its queries. */
  readonly query: number;
  /** Packed. */
  readonly keys: number;
  readonly values: number;
  /** `[L][Ev]` */
  readonly output: number;
  /** `[L][3]`: maximum and Σ 2^(s − maximum) of the scores in bits (times log₂e), and Σ 2^x·x with x = s − maximum. */
  readonly statistics: number;
  readonly mapMaximum: number;
  readonly mapSum: number;
  readonly mask: number;
  readonly table: number;
  readonly batch: number;
  readonly slope: number;
  readonly sink: number | null;
}

/** How weights are pooled into a map while they are computed. */
export interface Pooling {
  /** Keys of a block; divides the tile. 0: no map is made. */
  readonly columns: number;
  /** 8, 16 or 32, so that one pass of rows never shares a line with another. */
  readonly rows: number;
  /** Blocks across and down. */
  readonly blocks: number;
  readonly lines: number;
}

/** Everything that a block of rows needs to know, as plain numbers: it travels to other threads. */
export interface Job {
  readonly queries: number;
  readonly keys: number;
  /** Of a turn: a whole pass, or a group of eight. */
  readonly rows: number;
  readonly size: number;
  readonly paddedSize: number;
  readonly valueSize: number;
  readonly valueBlocks: number;
  readonly paddedKeys: number;
  readonly scale: number;
  /** 0: none. */
  readonly softcap: number;
  /** 0: none, 1: boolean bytes, 2: floats that are added. */
  readonly maskKind: 0 | 1 | 2;
  /** In elements; 0 repeats. */
  readonly maskStrides: readonly [row: number, column: number];
  readonly tableWidth: number;
  readonly tableZero: number;
  readonly score: KernelScore;
  /** `[batch][L]` pairs (first key, key after the last) of what positions allow; 0: every key. */
  readonly ranges: number;
  /** `[batch][L]` key positions that are the queries' own; 0 where nothing asks for them. */
  readonly own: number;
  readonly sparse: KernelPattern;
  readonly pooling: Pooling;
  readonly heads: readonly HeadData[];
}

/** A sparse pattern, as `sparse` in assembly/ reads it. */
export interface KernelPattern {
  /** `[batch][L]` pairs (first key, key after the last) that are near; first key −1: the query is global. 0: no pattern. */
  readonly near: number;
  /** A byte a key, other than 0 where the key is global; as many as there are padded keys. */
  readonly globalKeys: number;
  readonly dilation: number;
}

/** How queries and keys make scores; see `additiveScores` and `scored` in assembly/. */
export interface KernelScore {
  /** 0: dot products. 1: additive, Q and K hold e^2x. 2: logarithms of dot products. */
  readonly kind: 0 | 1 | 2;
  /** Address of −2v, as long as a padded row; 0 where there is none. */
  readonly vector: number;
  /** Σv */
  readonly constant: number;
}

/** Rows of one inner pass: four groups of eight. */
export const passRows = 32;

/** The job that computes nothing but the statistics of `rows` rows a turn: no values, no map, and nothing takes the place of Q. */
export function statisticsJob(job: Omit<Job, "heads">, rows: number): Omit<Job, "heads"> {
  return { ...job, rows, valueSize: 0, valueBlocks: 0, pooling: { columns: 0, rows: 8, blocks: 0, lines: 0 } };
}

/** Up to this many cells all weights are recomputed when they are asked for, faster than a map would be looked up. */
export const mapless = 2 ** 20;

/**
 * The pooling for L × S cells: blocks such that about 1024 fit across, and down as far as one pass's rows allow (an
 * overview joins more); none up to 1024², or where no map is `wanted`.
 */
export function poolingFor(queries: number, keys: number, wanted: boolean): Pooling {
  if (!wanted || queries * keys <= mapless) return { columns: 0, rows: 8, blocks: 0, lines: 0 };
  const widths = [1, 2, 4, 8, 16, 32, 64, 128];
  const columns = widths.find((width) => width * 1024 >= keys) ?? tileKeys;
  let rows = 8;
  while (rows < passRows && rows * 1024 < queries) rows *= 2;
  return { columns, rows, blocks: Math.ceil(keys / columns), lines: Math.ceil(queries / rows) };
}
