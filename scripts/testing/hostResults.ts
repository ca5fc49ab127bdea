// What the tests inside the extension host leave behind, since their own process is out of reach.
import type { Counts } from "./counts.ts";

export interface HostResults extends Counts {
  /** The titles of all tests that passed, for the log. */
  readonly passes: readonly string[];
  readonly failures: readonly { readonly title: string; readonly error: string }[];
}

/** Prints results much as Mocha does. */
export function printResults(results: HostResults): void {
  for (const title of results.passes) console.log(`  ✔ ${title}`);
  for (const title of results.repeated ?? []) console.log(`  FAILED AT FIRST: ${title}`);
  for (const { title, error } of results.failures) console.log(`  ✘ ${title}\n${error.replace(/^/gm, "      ")}`);
  console.log(`  ${results.passed} passing, ${results.failed} failing`);
}
