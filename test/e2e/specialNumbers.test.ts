import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { panelOf } from "./support/panel.ts";
import { useVscode } from "./support/vscode.ts";

const text = `{
  "Q": [
    [1, NaN],
    [1, 2]
  ],
  "K": [[1, 0], [0, 1]],
  "V": [[1], [2]],
  "mask": [[true, true], [false, false]]
}
`;

describe("numbers that JSON has no words for", () => {
  const vscode = useVscode();

  it("reach the panel: a row of NaN, and one that may attend to nothing, whose maximum is -Infinity", async () => {
    writeFileSync(join(vscode.folder, "special.json"), text);
    await vscode.window.openFile("special.json");
    await vscode.window.runCommand("attentionLoupe.run");
    const { frame } = await panelOf(vscode.window, "special.json");
    const number = (shown: RegExp) => frame.locator(".readout-number", { hasText: shown });
    await vscode.window.goTo(3, 6);
    await number(/^NaN$/).waitFor();
    await vscode.window.goTo(4, 6);
    await number(/^0$/).waitFor();
  });
});
