import { deepStrictEqual, match, ok } from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { reportedErrors } from "../../scripts/vscode/logs.ts";
import { eventually } from "./support/eventually.ts";
import { panelOf } from "./support/panel.ts";
import { useVscode } from "./support/vscode.ts";

/** With a byte order mark, Windows line ends and a number in exponent form. */
const text = '\ufeff{\r\n  "Q": [[1.00, 2.50e-01]],\r\n  "K": [[1, 0], [0, 1]],\r\n  "V": [[1], [2]]\r\n}\r\n';

describe("a number that is dragged in the panel", () => {
  const vscode = useVscode({ size: { width: 1400, height: 1400 } });
  const file = () => join(vscode.folder, "dragged.json");
  const line = () => vscode.window.page.locator(".editor-group-container.active .view-line").nth(1);
  const lineIs = (expected: RegExp) =>
    eventually(async () => match((await line().innerText()).replaceAll("\u00a0", " "), expected));

  it("is written in its own manner, taken back by Ctrl+Z in the panel, and nothing else is touched", async () => {
    writeFileSync(file(), text);
    const { window } = vscode;
    await window.openFile("dragged.json");
    await window.runCommand("attentionLoupe.run");
    const { frame } = await panelOf(window, "dragged.json");
    const number = frame.getByRole("spinbutton", { name: "query, dimension 0" });
    await number.hover({ position: { x: 4, y: 4 } }); // waits until it lies still
    await window.page.mouse.down();
    const box = await number.boundingBox();
    ok(box);
    await window.page.mouse.move(box.x + 44, box.y + 4, { steps: 5 });
    await lineIs(/\[\[1\.00, 2\.50e-01\]\]/); // only previewed
    await window.page.mouse.up();
    await lineIs(/\[\[2\.00, 2\.50e-01\]\]/);
    await window.page.keyboard.press("Control+z");
    await lineIs(/\[\[1\.00, 2\.50e-01\]\]/);
    await frame.waitForFunction(() => document.hasFocus()); // the editor had it while it took the number back
    await window.page.keyboard.press("Control+Shift+z");
    await lineIs(/\[\[2\.00, 2\.50e-01\]\]/);
    await window.runCommand("workbench.action.files.save");
    await eventually(async () => deepStrictEqual(readFileSync(file(), "utf8"), text.replace("1.00", "2.00")));
    deepStrictEqual([window.ownErrors, reportedErrors(vscode.server.dataFolder)], [[], []]);
  });
});
