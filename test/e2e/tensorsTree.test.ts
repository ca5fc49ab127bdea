import { deepStrictEqual, doesNotMatch, match } from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { reportedErrors } from "../../scripts/vscode/logs.ts";
import { eventually } from "./support/eventually.ts";
import { panelOf, type ShownPanel } from "./support/panel.ts";
import { useVscode } from "./support/vscode.ts";

describe("the list of tensors", () => {
  const vscode = useVscode({}, async () => {
    await vscode.window.openFile("attention.json");
    await vscode.window.runCommand("attentionLoupe.run");
    panel = await panelOf(vscode.window, "attention.json");
    await vscode.window.runCommand("attentionLoupe.tensors.focus");
    await row("K").waitFor();
  });
  let panel: ShownPanel;
  const file = (name: string) => join(vscode.folder, name);
  const row = (name: string) => vscode.window.page.getByRole("treeitem", { name: new RegExp(`^${name}\\b`) });
  const copied = () => vscode.window.page.evaluate(() => navigator.clipboard.readText());

  async function pick(name: string, item: string): Promise<void> {
    const { page } = vscode.window;
    await row(name).click({ button: "right" });
    const entry = page.getByRole("menuitem", { name: item });
    await entry.hover();
    await page.locator(".context-view .action-item.focused", { has: entry }).waitFor();
    await page.keyboard.press("Enter");
    await entry.waitFor({ state: "hidden" });
  }

  it("says of each its shape, type, range and role, and leads to it", async () => {
    match((await row("K").innerText()).replaceAll(/\s+/g, " "), /^K ?6×8 · float64 · −0\.3 … 2\.66 · key/);
    await row("V").click();
    await vscode.window.page.locator(".part.statusbar", { hasText: /Ln 18, Col 3\b/ }).waitFor();
  });

  it("copies one as NumPy, PyTorch and JSON, and saves it as .npy, with the numbers of the file", async () => {
    const { K } = JSON.parse(readFileSync(file("attention.json"), "utf8")) as { K: number[][] };
    await pick("K", "Copy as JSON");
    await eventually(async () => deepStrictEqual(JSON.parse(await copied()), K));
    for (const [item, begin] of [
      ["Copy as NumPy", "K = np.array("],
      ["Copy as PyTorch", "K = torch.tensor("],
    ] as const) {
      await pick("K", item);
      await eventually(async () => deepStrictEqual((await copied()).slice(0, begin.length), begin));
      const literal = /\[[\s\S]*\]/.exec(await copied())![0];
      // Python writes 2. and .5, JSON does not.
      deepStrictEqual(JSON.parse(literal.replaceAll(/(\d\.)(?!\d)/g, "$10")), K);
    }
    await pick("K", "Save as .npy");
    await vscode.window.page.locator(".quick-input-widget .monaco-button", { hasText: "OK" }).click();
    await eventually(async () => deepStrictEqual(existsSync(file("K.npy")), true));
    const saved = readFileSync(file("K.npy"));
    const start = 10 + saved.readUInt16LE(8);
    match(
      saved.subarray(0, start).toString("latin1"),
      /NUMPY.*'descr': '<f8', 'fortran_order': False, 'shape': \(6, 8\)/s,
    );
    deepStrictEqual(
      K.flat(),
      K.flat().map((_, at) => saved.readDoubleLE(start + 8 * at)),
    );
  });

  it("makes another one the value, and the panel follows", async () => {
    await pick("K", "Use as Value");
    await eventually(async () => match(await row("K").innerText(), /\bvalue$/));
    await eventually(async () => doesNotMatch(await row("V").innerText(), /value/));
    await panel.frame.locator(".dot.live").waitFor();
    deepStrictEqual([vscode.window.ownErrors, reportedErrors(vscode.server.dataFolder)], [[], []]);
  });
});
