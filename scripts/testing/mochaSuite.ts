// A suite whose tests run in plain Node under Mocha.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { outputFolder, root } from "../setup/paths.mjs";
import { type Counts, isCounts } from "./counts.ts";

export interface MochaSuite {
  readonly name: string;
  /** Globs of test files. */
  readonly files: readonly string[];
  /** `dot` for thousands of quick tests, `spec` for few slow ones. */
  readonly style: "Dot" | "Spec";
  /** Of one test, in ms. */
  readonly timeout: number;
  /** How often a test that failed is run once more. A machine with much else to do must not decide; the log says so. */
  readonly retries: number;
}

const limitMinutes = 40;

/** Runs the suite to its end and shows what Mocha says. A suite that breaks off counts as one failure. */
export function runMocha(suite: MochaSuite): Counts {
  const results = join(outputFolder, `${suite.name}.json`);
  mkdirSync(outputFolder, { recursive: true });
  rmSync(results, { force: true });
  const ended = spawnSync(process.execPath, mochaArguments(suite, results), {
    cwd: root,
    stdio: "inherit",
    timeout: limitMinutes * 60_000,
    env: { ...process.env, PATH: `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH}` },
  });
  return readCounts(results) ?? brokenOff(suite.name, ended.error?.message ?? `status ${ended.status ?? ended.signal}`);
}

function mochaArguments({ files, style, timeout, retries }: MochaSuite, results: string): string[] {
  return [
    "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON",
    join(root, "node_modules", "mocha", "bin", "mocha.js"),
    ...[
      "--no-config",
      "--exit",
      "--forbid-only",
      "--forbid-pending",
      "--timeout",
      String(timeout),
      "--retries",
      String(retries),
    ],
    ...["--reporter", join(root, "scripts", "testing", "reporter.mjs")],
    ...["--reporter-option", `style=${style},results=${results}`],
    ...files,
  ];
}

function readCounts(file: string): Counts | undefined {
  try {
    const counts: unknown = JSON.parse(readFileSync(file, "utf8"));
    return isCounts(counts) ? counts : undefined;
  } catch {
    return undefined;
  }
}

function brokenOff(name: string, why: string): Counts {
  console.log(`The suite ${name} broke off before its end (${why}).`);
  return { passed: 0, failed: 1 };
}
