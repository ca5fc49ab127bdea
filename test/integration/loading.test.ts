import { strictEqual } from "node:assert/strict";
import * as vscode from "vscode";

describe("the extension in VS Code", () => {
  it("is found under its id and starts", async () => {
    const extension = vscode.extensions.getExtension("attention-loupe.attention-loupe");
    await extension?.activate();
    strictEqual(extension?.isActive, true);
  });
});
