import type { TensorSummary } from "../../protocol/core.ts";
import type { Role } from "../../reading/document.ts";
import type { Statistics } from "../../tensor/statistics.ts";

/** A tensor as the tree shows it; also what its commands get. */
export interface TensorNode {
  readonly uri: string;
  readonly tensor: TensorSummary;
  readonly roles: readonly Role[];
  readonly statistics: Statistics | null;
}

/** What a notebook's cell has put out: its tensors are below it. */
export interface OutputNode {
  readonly uri: string;
  /** Of the cell, from 1. */
  readonly cell: number;
}

export function isTensorNode(argument: unknown): argument is TensorNode {
  if (typeof argument !== "object" || argument === null || !("tensor" in argument)) return false;
  return typeof argument.tensor === "object" && argument.tensor !== null && "id" in argument.tensor;
}
