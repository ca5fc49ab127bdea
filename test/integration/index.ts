// What VS Code calls inside its extension host to run the tests of this folder. Built into dist/test beside them.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { HostResults } from "../../scripts/testing/hostResults.ts";

/** Where the results are expected; from dist/test. */
const resultsFile = join(__dirname, "..", "..", "test", "output", "integration.json");

/** Runs every test to its end. Resolves also when tests fail: the results say so. */
export async function run(): Promise<void> {
  const results = await runFiles().catch((error: unknown) => brokenOff(error));
  mkdirSync(dirname(resultsFile), { recursive: true });
  writeFileSync(resultsFile, JSON.stringify(results));
}

async function runFiles(): Promise<HostResults> {
  const { default: Mocha } = await import("mocha");
  const mocha = new Mocha({ timeout: 120_000, forbidOnly: true, forbidPending: true, reporter: "min", retries: 1 });
  for (const name of readdirSync(__dirname)) if (name.endsWith(".test.js")) mocha.addFile(join(__dirname, name));
  await mocha.loadFilesAsync();
  const passes: string[] = [];
  const failures: HostResults["failures"][number][] = [];
  const repeated: string[] = [];
  const runner = mocha.run();
  runner.on("pass", (test) => passes.push(test.fullTitle()));
  runner.on("fail", (test, error: Error) =>
    failures.push({ title: test.fullTitle(), error: error.stack ?? error.message }),
  );
  runner.on("retry", (test, error: Error) => repeated.push(`${test.fullTitle()}\n${error.stack ?? error.message}`));
  await new Promise((resolve) => runner.once("end", resolve));
  return { passed: passes.length, failed: failures.length, passes, failures, repeated };
}

function brokenOff(error: unknown): HostResults {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { passed: 0, failed: 1, passes: [], failures: [{ title: "loading the tests", error: text }] };
}
