/** How a suite ended. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

export function isCounts(value: unknown): value is Counts {
  const { passed, failed } = (value ?? {}) as Partial<Counts>;
  return Number.isInteger(passed) && Number.isInteger(failed);
}
