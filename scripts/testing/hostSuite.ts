// The suite whose tests run inside a real VS Code's extension host, next to the extension itself.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { outputFolder, root } from "../setup/paths.mjs";
import { launchBrowser } from "../vscode/browser.ts";
import { type Machine, startServer } from "../vscode/server.ts";
import { openWindow, type VscodeWindow } from "../vscode/window.ts";
import type { Counts } from "./counts.ts";
import { type HostResults, printResults } from "./hostResults.ts";
import { copyOfExamples } from "./workspace.ts";

export const hostResultsFile = join(outputFolder, "integration.json");
const limitMinutes = 20;

/** Runs dist/test in the VS Code that comes from npm. A run that gives no results in time counts as one failure. */
export async function runInHost(machine: Machine): Promise<Counts> {
  rmSync(hostResultsFile, { force: true });
  const folder = copyOfExamples();
  const server = await startServer({ serverFolder: machine.serverFolder, extension: root });
  const browser = await launchBrowser(machine.chromium);
  try {
    const window = await openWindow(browser, server, {
      folder,
      tests: join(root, "dist", "test", "index.js"),
    });
    const results = await resultsOf(window);
    printResults(results);
    return results;
  } finally {
    await browser.close();
    server.stop();
  }
}

async function resultsOf(window: VscodeWindow): Promise<HostResults> {
  const end = Date.now() + limitMinutes * 60_000;
  while (Date.now() < end) {
    if (existsSync(hostResultsFile)) return readHostResults();
    await wait(100);
  }
  await window.screenshot(join(outputFolder, "integration.png"));
  const errors = window.ownErrors.join("\n");
  const why = `No results within ${limitMinutes} minutes; see test/output/integration.png.\n${errors}`;
  return { passed: 0, failed: 1, passes: [], failures: [{ title: "running the tests in VS Code", error: why }] };
}

export function readHostResults(): HostResults {
  return JSON.parse(readFileSync(hostResultsFile, "utf8"));
}
