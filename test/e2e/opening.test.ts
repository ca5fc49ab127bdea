import { deepStrictEqual } from "node:assert/strict";
import { useVscode } from "./support/vscode.ts";

describe("opening an example", () => {
  const vscode = useVscode();

  it("writes no error of ours to the console", async () => {
    await vscode.window.openFile("attention.json");
    await vscode.window.page.waitForTimeout(1000);
    deepStrictEqual(vscode.window.ownErrors, []);
  });
});
