import { deepStrictEqual, ok } from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/setup/paths.mjs";
import { eventually } from "./support/eventually.ts";
import { panelOf } from "./support/panel.ts";
import { useVscode } from "./support/vscode.ts";

describe("a file of tensors", () => {
  const vscode = useVscode();

  it("opens from the explorer's menu: its weights in the panel, its tensors in the list", async () => {
    const { window, folder } = vscode;
    copyFileSync(join(root, "test/fixtures/binary/stored.npz"), join(folder, "dump.npz"));
    await window.runCommand("workbench.view.explorer");
    const file = window.page.locator(".explorer-folders-view .monaco-list-row", { hasText: "dump.npz" });
    const item = window.page.getByRole("menuitem", { name: /Open Tensor File/ });
    // The explorer may not hear of a file that others wrote; and the menu has no entries of extensions while VS Code still
    // reads their manifests.
    await eventually(async () => {
      await window.page.keyboard.press("Escape");
      if (!(await file.isVisible())) await window.runCommand("workbench.files.action.refreshFilesExplorer");
      await file.click({ button: "right", timeout: 5000 });
      await item.waitFor({ timeout: 2000 });
    });
    await item.hover();
    await window.page.locator(".context-view .action-item.focused", { has: item }).waitFor();
    await window.page.keyboard.press("Enter");
    const panel = await panelOf(window, "dump.npz");
    const [row] = await panel.rows(1);
    // numpy: e = exp(q @ k.T / 2); e / e.sum(-1)
    const expected = [0.11368381, 0.11925206, 0.46636963, 0.16585018, 0.13484429];
    deepStrictEqual(row?.values.length, expected.length);
    for (const [at, weight] of expected.entries()) ok(Math.abs(row!.values[at]! - weight) < 1e-7);
    await window.runCommand("attentionLoupe.tensors.focus");
    const tensors = window.page.locator(".monaco-list-row", { hasText: /^query.*float32/ });
    await tensors.first().waitFor();
  });
});
