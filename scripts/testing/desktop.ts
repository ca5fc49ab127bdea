import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { downloadAndUnzipVSCode, runTests } from "@vscode/test-electron";
import { root } from "../setup/paths.mjs";
import type { Counts } from "./counts.ts";
import { printResults } from "./hostResults.ts";
import { hostResultsFile, readHostResults } from "./hostSuite.ts";
import { runScript } from "./scriptSuite.ts";
import { copyOfExamples } from "./workspace.ts";

/** Resolves to whether all is well. Nothing tested because nothing could be downloaded counts as well, and is said. */
export async function testDesktop(): Promise<boolean> {
  if (runScript("esbuild.mjs", "--tests").failed > 0) return false;
  const total = { passed: 0, failed: 0 };
  for (const version of [oldestVersion(), "stable"]) {
    const program = await download(version);
    if (!program) continue;
    console.log(`\n== VS Code ${version}`);
    const { passed, failed } = await runIn(program);
    total.passed += passed;
    total.failed += failed;
  }
  if (total.passed + total.failed === 0) console.log("No desktop build of VS Code was there: nothing was tested.");
  else console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0;
}

function oldestVersion(): string {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return engines.vscode.replace(/^\^/, "");
}

async function download(version: string): Promise<string | undefined> {
  try {
    return await downloadAndUnzipVSCode({ version, timeout: 120_000 });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.log(`VS Code ${version} could not be downloaded (${why}): NOTHING WAS TESTED in it.`);
    return undefined;
  }
}

async function runIn(vscodeExecutablePath: string): Promise<Counts> {
  rmSync(hostResultsFile, { force: true });
  const folder = copyOfExamples();
  const launchArgs = [folder, "--disable-extensions", "--disable-workspace-trust"];
  const extensionTestsPath = join(root, "dist", "test", "index.js");
  const ended = runTests({ vscodeExecutablePath, extensionDevelopmentPath: root, extensionTestsPath, launchArgs });
  const code = await ended.catch((error: unknown) => String(error));
  if (!existsSync(hostResultsFile)) {
    console.log(`VS Code ended with ${code} and left no results.`);
    return { passed: 0, failed: 1 };
  }
  const results = readHostResults();
  printResults(results);
  return results.passed + results.failed > 0 ? results : { passed: 0, failed: 1 };
}
