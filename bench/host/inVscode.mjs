// Runs a script inside the extension host of a real VS Code, beside the extension as a user has it, and gives what it measured.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { prepareVscode } from "../../scripts/setup.mjs";
import { launchBrowser } from "../../scripts/vscode/browser.ts";
import { startServer } from "../../scripts/vscode/server.ts";
import { openWindow } from "../../scripts/vscode/window.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * @param entry a TypeScript file whose `run()` writes its results, as JSON, to the file that `RESULTS` names;
 * `EXAMPLES` is the folder of our examples.
 * @param without leaves our extension out: an empty one stands in for it.
 */
export async function measuredInVscode(entry, without = false) {
  const folder = mkdtempSync(join(tmpdir(), "attention-loupe-bench-"));
  const results = join(folder, "results.result");
  const script = join(root, "dist", "bench", basename(entry).replace(/ts$/, "js"));
  await esbuild.build({
    entryPoints: [entry],
    outfile: script,
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["vscode"],
    logLevel: "warning",
    define: { RESULTS: JSON.stringify(results), EXAMPLES: JSON.stringify(join(root, "examples")) },
  });
  const machine = prepareVscode();
  const server = await startServer({
    serverFolder: machine.serverFolder,
    extension: without ? emptyExtension(folder) : root,
  });
  const browser = await launchBrowser(machine.chromium);
  try {
    await openWindow(browser, server, { folder, tests: script });
    const measured = await written(results);
    if (measured.error) throw new Error(measured.error);
    return measured;
  } finally {
    await browser.close();
    server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function emptyExtension(folder) {
  const extension = join(folder, "empty");
  mkdirSync(extension);
  const manifest = { name: "empty", publisher: "nobody", version: "1.0.0", engines: { vscode: "*" } };
  writeFileSync(join(extension, "package.json"), JSON.stringify(manifest));
  return extension;
}

async function written(results) {
  for (let tries = 0; tries < 3000; tries++) {
    try {
      return JSON.parse(readFileSync(results, "utf8"));
    } catch {
      await wait(100);
    }
  }
  throw new Error("The extension host gave no results within five minutes.");
}
