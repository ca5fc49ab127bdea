import { match } from "node:assert/strict";
import { join } from "node:path";
import { outputFolder } from "../../scripts/setup/paths.mjs";
import { panelOf } from "./support/panel.ts";
import { useVscode } from "./support/vscode.ts";

const chinese = /\p{Script=Han}/u;

describe("in 简体中文", () => {
  const vscode = useVscode({ language: "zh-cn" });

  it("hovers, panel and the view's title are Chinese", async () => {
    await vscode.window.openFile("attention.json");
    await vscode.window.runCommand("attentionLoupe.run");
    const panel = await panelOf(vscode.window, "attention.json");
    match(await panel.frame.getByRole("tablist").first().innerText(), chinese);
    const hover = await vscode.window.hover(4, 4, { text: "4×8" });
    match(await hover.innerText(), chinese);
    await vscode.window.screenshot(join(outputFolder, "screens", "zh-cn.png"));
  });
});
