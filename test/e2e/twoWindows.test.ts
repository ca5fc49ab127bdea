import { deepStrictEqual, ok } from "node:assert/strict";
import { join } from "node:path";
import { reportedErrors } from "../../scripts/vscode/logs.ts";
import { openWindow } from "../../scripts/vscode/window.ts";
import { eventually } from "./support/eventually.ts";
import { panelOf } from "./support/panel.ts";
import { useVscode } from "./support/vscode.ts";

describe("two windows on one file", () => {
  const vscode = useVscode();

  it("show it each, and the other takes over what one saves", async () => {
    const { window: first, server, folder } = vscode;
    const file = join(folder, "attention.json");
    const second = await openWindow(first.page.context().browser()!, server, { folder, file });
    try {
      await first.openFile("attention.json");
      const panels = [];
      for (const window of [first, second]) {
        await window.runCommand("attentionLoupe.run");
        panels.push(await panelOf(window, "attention.json"));
      }
      await first.goTo(5, 7);
      await first.page.keyboard.press("Delete");
      await first.page.keyboard.press("9"); // 2.50 becomes 9.50
      await first.runCommand("workbench.action.files.save");
      await first.page.locator('.tab.active:not(.dirty)[data-resource-name="attention.json"]').waitFor();
      await second.runCommand("workbench.action.files.revert");
      for (const panel of panels) {
        await eventually(async () => ok(((await panel.rows(1))[0]?.values[0] ?? 0) > 0.8));
      }
      deepStrictEqual([first.ownErrors, second.ownErrors, reportedErrors(server.dataFolder)], [[], [], []]);
    } finally {
      await second.close();
    }
  });
});
