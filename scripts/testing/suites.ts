// Every suite of `npm test`, in the order in which they run.
import type { Machine } from "../vscode/server.ts";
import type { Counts } from "./counts.ts";
import { runInHost } from "./hostSuite.ts";
import { type MochaSuite, runMocha } from "./mochaSuite.ts";
import { runScript } from "./scriptSuite.ts";

export interface Suite {
  readonly name: string;
  run(machine: Machine): Counts | Promise<Counts>;
}

function mocha(suite: MochaSuite): Suite {
  return { name: suite.name, run: () => runMocha(suite) };
}

export const suites: readonly Suite[] = [
  { name: "check", run: () => runScript("scripts/check.mjs") },
  { name: "build", run: () => runScript("esbuild.mjs", "--tests") },
  mocha({ name: "unit", files: ["test/unit/**/*.test.ts"], style: "Dot", timeout: 20_000 }),
  { name: "integration", run: runInHost },
  mocha({ name: "webview", files: ["test/webview/**/*.test.ts"], style: "Spec", timeout: 30_000 }),
  mocha({ name: "e2e", files: ["test/e2e/**/*.test.ts"], style: "Spec", timeout: 60_000 }),
  mocha({ name: "web", files: ["test/web/**/*.test.ts"], style: "Spec", timeout: 60_000 }),
  mocha({ name: "package", files: ["test/package/**/*.test.ts"], style: "Spec", timeout: 120_000 }),
];
