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

/** Tests with a browser in them: several waits of full patience, in ms, and a second try that is told of. */
const inBrowser = { needsBuild: true, style: "Spec", timeout: 3 * patience, retries: 1 } as const;

export const suites: readonly Suite[] = [
  { name: "check", needsBuild: false, run: () => runScript("scripts/check.mjs") },
  { name: "build", needsBuild: false, run: () => runScript("esbuild.mjs", "--tests") },
  mocha({
    name: "unit",
    needsBuild: false,
    files: ["test/unit/**/*.test.ts"],
    style: "Dot",
    timeout: patience,
    retries: 0,
  }),
  { name: "integration", needsBuild: true, run: runInHost },
  mocha({ name: "webview", files: ["test/webview/**/*.test.ts"], ...inBrowser }),
  mocha({ name: "e2e", files: ["test/e2e/**/*.test.ts"], ...inBrowser }),
  mocha({ name: "web", files: ["test/web/**/*.test.ts"], ...inBrowser }),
  mocha({ name: "package", files: ["test/package/**/*.test.ts"], ...inBrowser }),
];
