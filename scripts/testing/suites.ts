// Every suite of `npm test`, in the order in which they run.
import { patience } from "../vscode/patience.ts";
import type { Machine } from "../vscode/server.ts";
import type { Counts } from "./counts.ts";
import { runInHost } from "./hostSuite.ts";
import { type MochaSuite, runMocha } from "./mochaSuite.ts";
import { runScript } from "./scriptSuite.ts";

export interface Suite {
  readonly name: string;
  /** Runs what was built: without a build there is nothing to run. */
  readonly needsBuild: boolean;
  run(machine: Machine): Counts | Promise<Counts>;
}

function mocha(suite: MochaSuite & { readonly needsBuild: boolean }): Suite {
  return { ...suite, run: () => runMocha(suite) };
}

/** Of a test with a browser in it, in ms: several waits of full patience. */
const slow = 3 * patience;

export const suites: readonly Suite[] = [
  { name: "check", needsBuild: false, run: () => runScript("scripts/check.mjs") },
  { name: "build", needsBuild: false, run: () => runScript("esbuild.mjs", "--tests") },
  mocha({ name: "unit", needsBuild: false, files: ["test/unit/**/*.test.ts"], style: "Dot", timeout: patience }),
  { name: "integration", needsBuild: true, run: runInHost },
  mocha({ name: "webview", needsBuild: true, files: ["test/webview/**/*.test.ts"], style: "Spec", timeout: slow }),
  mocha({ name: "e2e", needsBuild: true, files: ["test/e2e/**/*.test.ts"], style: "Spec", timeout: slow }),
  mocha({ name: "web", needsBuild: true, files: ["test/web/**/*.test.ts"], style: "Spec", timeout: slow }),
  mocha({ name: "package", needsBuild: true, files: ["test/package/**/*.test.ts"], style: "Spec", timeout: slow }),
];
