/** How a suite ended. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** The titles of tests that failed and were run once more: each hides a race, in the test or in the product. */
  readonly repeated?: readonly string[];
}

export function isCounts(value: unknown): value is Counts {
  const { passed, failed } = (value ?? {}) as Partial<Counts>;
  return Number.isInteger(passed) && Number.isInteger(failed);
}
