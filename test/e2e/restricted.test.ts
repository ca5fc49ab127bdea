import { strictEqual } from "node:assert/strict";
import { panelOf } from "./support/panel.ts";
import { useVscode } from "./support/vscode.ts";

describe("in a folder that is not trusted", () => {
  const vscode = useVscode({ restricted: true });

  it("hovers and weights are there all the same", async () => {
    await vscode.window.page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
    await vscode.window.openFile("attention.json");
    await vscode.window.hover(4, 4, { text: "4×8" });
    await vscode.window.runCommand("attentionLoupe.run");
    const panel = await panelOf(vscode.window, "attention.json");
    strictEqual((await panel.rows(4)).length, 4);
  });
});
