import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { eventually } from "./support/eventually.ts";
import { panelOf, type ShownPanel } from "./support/panel.ts";
import { useVscode } from "./support/vscode.ts";

/** Lines of examples/gpt_block.py, from 1. */
const [lineOfScores, lineOfMask, lineOfWeights, lineOfOutput] = [38, 39, 40, 41];

describe("stages of the panel and lines of Python in VS Code", () => {
  let panel: ShownPanel;
  const vscode = useVscode({}, async () => {
    await vscode.window.openFile("gpt_block.py");
    await vscode.window.runCommand("attentionLoupe.run");
    panel = await panelOf(vscode.window, "gpt_block.py");
  });

  const stage = () => panel.frame.locator('[role="tab"][aria-selected="true"] .stage-name').innerText();
  const stageIs = (name: string) => eventually(async () => strictEqual(await stage(), name));
  const caret = () => vscode.window.page.locator("#status\\.editor\\.selection").innerText();
  /** Lines with a mark of ours on them, from 1; only those in sight have any. */
  const markedLines = () =>
    vscode.window.page.evaluate(() => {
      const editor = document.querySelector(".editor-group-container.active .monaco-editor")!;
      const marks = [...editor.querySelectorAll<HTMLElement>(".view-overlays > div")].filter((line) =>
        line.querySelector(".cdr[class*='ced-']"),
      );
      const tops = marks.map((line) => Math.round(line.getBoundingClientRect().top));
      const numbers = [...editor.querySelectorAll<HTMLElement>(".margin-view-overlays .line-numbers")];
      return numbers
        .filter((each) => tops.includes(Math.round(each.getBoundingClientRect().top)))
        .map((each) => Number(each.innerText));
    });
  const press = (name: RegExp) => panel.frame.getByRole("tab", { name }).click();

  it("a stage that is clicked marks the line that makes it; caret and focus stay", async () => {
    await vscode.window.goTo(1, 1);
    await press(/^Scores/);
    await eventually(async () => deepStrictEqual(await markedLines(), [lineOfScores]));
    await press(/^Masked/);
    await eventually(async () => deepStrictEqual(await markedLines(), [lineOfMask]));
    await press(/^Output/);
    await eventually(async () => deepStrictEqual(await markedLines(), [lineOfOutput]));
    match(await caret(), /Ln 1, Col 1/);
    await stageIs("Output");
  });

  it("the caret on the expression of a stage brings that stage up, and the keyboard stays in the editor", async () => {
    const column = "        weights = F.soft".length;
    await vscode.window.goTo(lineOfWeights, column);
    await stageIs("Weights");
    await vscode.window.goTo(lineOfScores, "        scores = q @ k.transpose(-2, -1) /".length);
    await stageIs("Scaled");
    ok(await vscode.window.page.evaluate(() => document.activeElement?.closest(".monaco-editor") !== null));
    match(await caret(), new RegExp(`Ln ${lineOfScores},`));
  });

  it("neither moves the other back and forth", async () => {
    await vscode.window.goTo(lineOfScores, "        scores = q @ k.transpose(-2, -1) /".length);
    await stageIs("Scaled");
    await press(/^Scores/);
    await eventually(async () => deepStrictEqual(await markedLines(), [lineOfScores]));
    await vscode.window.page.waitForTimeout(300); // an answer of the editor would have come by now
    strictEqual(await stage(), "Scores");
    match(await caret(), new RegExp(`Ln ${lineOfScores},`));
  });
});
