import type { Block } from "../blocks.ts";

/** What is said of a call or an operator: what it does, and then why, what goes wrong with it and how others write it. */
export interface OperationWords {
  readonly lead: readonly Block[];
  readonly more: readonly Block[];
}
