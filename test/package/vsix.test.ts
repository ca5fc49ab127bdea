import { deepStrictEqual, ok } from "node:assert/strict";
import { existsSync, globSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { outputFolder, root } from "../../scripts/setup/paths.mjs";
import { npm } from "../../scripts/setup/shell.mjs";
import { prepareVscode } from "../../scripts/setup.mjs";
import { copyOfExamples } from "../../scripts/testing/workspace.ts";
import { launchBrowser } from "../../scripts/vscode/browser.ts";
import { reportedErrors } from "../../scripts/vscode/logs.ts";
import { readTable, waitForNumbers } from "../../scripts/vscode/panelNumbers.ts";
import { type Server, startServer } from "../../scripts/vscode/server.ts";
import { openWindow } from "../../scripts/vscode/window.ts";

const vsix = join(outputFolder, "attention-loupe.vsix");
const largest = 3 * 1024 * 1024;

/** What may be in the package, one pattern a kind of file. */
const mayShip = [
  /^package(\.nls(\.[a-z-]+)?)?\.json$/,
  /^(readme|changelog)\.md$/,
  /^LICENSE\.txt$/,
  /^dist\/(extension|worker|python|taskWorker|cli)\.js$/,
  /^dist\/web\/(extension|worker|taskWorker)\.js$/,
  /^dist\/webview\/(panel\.js|styles\.css)$/,
  /^dist\/wasm\/[a-z.-]+\.wasm$/,
  /^examples\/[a-z_]+\.(json|py)$/,
  /^l10n\/bundle\.l10n(\.[a-z-]+)?\.json$/,
  /^media\/(icon\.png|view\.svg|walkthrough\/[\w.-]+)$/,
  /^\.vsixmanifest$/, // written by VS Code when it installs
];

describe("the package that users install", () => {
  let server: Server;
  let browser: Browser;
  let installed = "";

  before(async () => {
    rmSync(vsix, { force: true });
    npm(["run", "package", "--", "--out", vsix], { cwd: root });
    const { serverFolder, chromium } = prepareVscode();
    server = await startServer({ serverFolder, install: [vsix] });
    browser = await launchBrowser(chromium);
    const [folder] = globSync("extensions/attention-loupe.attention-loupe-*", { cwd: server.dataFolder });
    installed = join(server.dataFolder, folder ?? "not installed");
  });
  after(async () => {
    await browser?.close();
    server?.stop();
  });

  it("is at most 3 MB", () => {
    const { size } = statSync(vsix);
    ok(size <= largest, `${size} bytes`);
  });

  it("has nothing in it but what the extension needs", () => {
    const files = filesOf(installed);
    deepStrictEqual(
      files.filter((file) => !mayShip.some((pattern) => pattern.test(file))),
      [],
    );
    ok(files.includes("dist/extension.js"), files.join("\n"));
  });

  it("has every file that its manifest names", () => {
    const named = pathsIn(JSON.parse(readFileSync(join(installed, "package.json"), "utf8")));
    ok(named.length >= 5, named.join(", "));
    deepStrictEqual(
      named.filter((path) => !existsSync(join(installed, path))),
      [],
    );
  });

  it("shows the weights of a file", async () => {
    const folder = copyOfExamples();
    const window = await openWindow(browser, server, { folder, file: join(folder, "attention.json") });
    await window.page.locator(".codelens-decoration", { hasText: "Q 4×8 · K 6×8 · V 6×8" }).waitFor();
    await window.runCommand("attentionLoupe.openPanel");
    const panel = await window.panelFrame({ file: "attention.json" });
    await waitForNumbers(panel);
    const [row] = await readTable(panel);
    await window.screenshot(join(outputFolder, "package.png"));
    deepStrictEqual(row?.keys, ["The", "cat", "sat", "on", "the", "mat"]);
    ok(Math.abs((row?.values ?? []).reduce((sum, weight) => sum + weight, 0) - 1) < 1e-6, row?.texts.join(" "));
    deepStrictEqual(window.ownErrors, []);
    deepStrictEqual(reportedErrors(server.dataFolder), []);
    await window.close();
  });
});

function filesOf(folder: string): string[] {
  const entries = globSync("**/*", { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map((entry) =>
    join(entry.parentPath, entry.name)
      .slice(folder.length + 1)
      .replaceAll("\\", "/"),
  );
}

/** All strings of the manifest that are paths inside the extension. */
function pathsIn(value: unknown): string[] {
  if (typeof value === "string") return /^(\.\/)?(dist|media|examples|l10n)(\/|$)/.test(value) ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(pathsIn) : [];
}
