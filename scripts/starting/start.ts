// The ways to see the extension at work: in the desktop VS Code, in any browser, or without a screen.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { outputFolder, root } from "../setup/paths.mjs";
import { run } from "../setup/shell.mjs";
import { launchBrowser } from "../vscode/browser.ts";
import { extensionLog } from "../vscode/logs.ts";
import { readTable, waitForNumbers } from "../vscode/panelNumbers.ts";
import { type Machine, startServer } from "../vscode/server.ts";
import { openWindow, windowAddress } from "../vscode/window.ts";

const folder = join(root, "examples");
const file = join(folder, "attention.json");

/** What is shown: the examples, whose own settings open the panel. */
const example = { folder, file };

export function build(): void {
  run(process.execPath, ["--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", join(root, "esbuild.mjs")], { cwd: root });
}

/** Opens the desktop VS Code, whose program is `code`. */
export function openDesktop(code: string): void {
  const ended = spawnSync(code, [`--extensionDevelopmentPath=${root}`, folder, "--goto", file], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (ended.status !== 0) throw new Error(`${code} did not open. Try \`npm start -- --browser\`.`);
  console.log("VS Code opens examples/attention.json.");
}

/** Serves VS Code until the user ends it. */
export async function serve(serverFolder: string): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(0));
  const server = await startServer({ serverFolder, extension: root });
  console.log(`Open this address in a browser; Ctrl+C ends VS Code.\n\n  ${windowAddress(server, example)}\n`);
}

/** Opens the same address in a Chromium without a screen and prints the first row of weights that the panel shows. */
export async function checkInBrowser({ serverFolder, chromium }: Machine): Promise<void> {
  const picture = join(outputFolder, "start.png");
  const server = await startServer({ serverFolder, extension: root });
  const browser = await launchBrowser(chromium);
  try {
    const window = await openWindow(browser, server, example);
    try {
      const panel = await window.panelFrame({ file: "attention.json" });
      await waitForNumbers(panel);
      const [row] = await readTable(panel);
      if (!row?.values.length || !row.values.every(Number.isFinite))
        throw new Error("The panel's table shows no numbers.");
      console.log(`weights of ${row.query}: ${row.keys.map((key, i) => `${key} ${row.texts[i]}`).join("  ")}`);
    } catch (error) {
      throw new Error(
        `The panel showed no weights; see ${picture}.\n${[error, ...window.ownErrors].join("\n")}\n${extensionLog(server.dataFolder)}`,
      );
    } finally {
      await window.screenshot(picture);
    }
    console.log(`screenshot: ${picture}`);
  } finally {
    await browser.close();
    server.stop();
  }
}
