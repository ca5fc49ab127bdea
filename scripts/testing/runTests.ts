// Runs suites one after the other; one that fails does not stop the others.
import type { Machine } from "../vscode/server.ts";
import type { Counts } from "./counts.ts";
import { type Suite, suites } from "./suites.ts";

/** Runs the suites named, or all. Resolves to whether all is well; the last line it prints is the sum. */
export async function runTests(names: readonly string[], prepare: () => Machine): Promise<boolean> {
  const chosen = choose(names);
  const machine = prepare();
  const lines: string[] = [];
  const total = { passed: 0, failed: 0 };
  let isBuilt = true;
  for (const suite of chosen) {
    const started = performance.now();
    console.log(`\n== ${suite.name}`);
    const {
      passed,
      failed,
      repeated = [],
    }: Counts = suite.needsBuild && !isBuilt ? withoutBuild() : await runOne(suite, machine);
    if (suite.name === "build") isBuilt = failed === 0;
    total.passed += passed;
    total.failed += failed;
    lines.push(`${suite.name.padEnd(12)} ${passed} passed, ${failed} failed (${seconds(started)} s)`);
    for (const title of repeated) lines.push(`             at first it failed: ${title}`);
  }
  console.log(`\n${lines.join("\n")}`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0;
}

function choose(names: readonly string[]): readonly Suite[] {
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    throw new Error(`There is no suite ${unknown.join(", ")}; there are ${suites.map(({ name }) => name).join(", ")}.`);
  }
  return names.length === 0 ? suites : suites.filter(({ name }) => name === "build" || names.includes(name));
}

function withoutBuild(): Counts {
  console.log("Not run: there is no build to test.");
  return { passed: 0, failed: 1 };
}

/** A suite that ran no test has failed: nothing was shown to work. */
async function runOne(suite: Suite, machine: Machine): Promise<Counts> {
  try {
    const counts = await suite.run(machine);
    if (counts.passed + counts.failed > 0) return counts;
    console.log(`The suite ${suite.name} ran no test.`);
  } catch (error) {
    console.log(`The suite ${suite.name} could not run: ${error instanceof Error ? error.stack : error}`);
  }
  return { passed: 0, failed: 1 };
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}
