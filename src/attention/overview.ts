/**
 * A head's weights in blocks of `blockRows × blockColumns`, about 1024 each way at most; up to 1024² cells the blocks are
 * single cells. Rows that are not computed yet repeat their nearest computed neighbour.
 */
export interface Overview {
  readonly rows: number;
  readonly columns: number;
  readonly blockRows: number;
  readonly blockColumns: number;
  /** The largest weight of each block, row-major, so that one spike survives. */
  readonly maximum: Float32Array;
  /** The mean weight of each block. */
  readonly mean: Float32Array;
  /** The share of rows that is computed, 0 … 1. */
  readonly known: number;
}

/** How an overview is asked for. */
export interface OverviewOptions {
  readonly signal?: AbortSignal;
  /** Hears coarse overviews on the way, the first one early. */
  readonly onDraft?: (draft: Overview) => void;
}
