// The extension in VS Code for the web: no Node, no server, the extension host in a web worker.
import { deepStrictEqual, equal, match } from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Frame, Page } from "playwright-core";
import { outputFolder, root } from "../../scripts/setup/paths.mjs";
import { prepareVscodeWeb } from "../../scripts/setup.mjs";
import { launchWithProfile } from "../../scripts/vscode/browser.ts";
import { findPanelFrame } from "../../scripts/vscode/panelFrame.ts";
import { readTable, waitForNumbers } from "../../scripts/vscode/panelNumbers.ts";
import { patience } from "../../scripts/vscode/patience.ts";
import { startWebVscode, type WebVscode } from "../../scripts/vscode/webServer.ts";

describe("VS Code for the web", () => {
  let vscode: WebVscode;
  let context: BrowserContext;
  let profile: string;
  let page: Page;
  const errors: string[] = [];

  before(async () => {
    const { pageFolder, chromium } = prepareVscodeWeb();
    vscode = await startWebVscode({ pageFolder, extension: root });
    profile = mkdtempSync(join(tmpdir(), "attention-loupe-browser-"));
    context = await launchWithProfile(chromium, profile);
    page = await context.newPage();
    page.setDefaultTimeout(patience);
    page.on("console", (message) => {
      if (message.type() === "error" && /attention-?loupe/i.test(message.text())) errors.push(message.text());
    });
    await page.goto(vscode.address);
    await page.locator(".monaco-workbench").waitFor();
  });

  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    mkdirSync(join(outputFolder, "web"), { recursive: true });
    const place = join(outputFolder, "web", this.currentTest.title.replace(/\W+/g, "-"));
    await page.screenshot({ path: `${place}.png` });
    writeFileSync(`${place}.log`, errors.join("\n"));
  });

  after(async () => {
    await context?.close();
    vscode?.stop();
    rmSync(profile, { recursive: true, force: true });
  });

  const panel = (): Promise<Frame> => findPanelFrame(page, { extensionId: "attention-loupe.attention-loupe" });

  it("opens an example in JSON, with a lens above it", async () => {
    await openExample("attention.json");
    const lens = page.locator(".codelens-decoration", { hasText: "Attention" });
    await lens.waitFor();
    match((await lens.innerText()).replace(/\s/g, " "), /Attention · Q 4×8 · K 6×8 · V 6×8/);
  });

  it("computes in its worker and shows the weights", async () => {
    await runCommand("Attention: Run on This File");
    const frame = await panel();
    await waitForNumbers(frame);
    const [row] = await readTable(frame);
    equal(row?.query, "Le");
    deepStrictEqual(
      row?.values.map((value) => value.toFixed(3)),
      ["0.581", "0.078", "0.039", "0.035", "0.232", "0.035"],
    );
  });

  it("reads Python too", async () => {
    await openExample("attention.py");
    const lens = page.locator(".codelens-decoration", { hasText: "3×3" });
    await lens.waitFor();
  });

  it("writes no error of ours to the console", () => deepStrictEqual(errors, []));

  async function runCommand(title: string): Promise<void> {
    await page.keyboard.press("F1");
    const input = page.locator(".quick-input-widget input");
    await input.waitFor();
    await input.fill(`>${title}`);
    await page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().waitFor();
    await page.keyboard.press("Enter");
  }

  async function openExample(name: string): Promise<void> {
    await runCommand("Attention: Open Example");
    const item = page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first();
    await item.click();
    await page.locator(".monaco-editor .view-line").first().waitFor();
  }
});
