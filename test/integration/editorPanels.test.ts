import { deepStrictEqual } from "node:assert/strict";
import * as vscode from "vscode";
import { closeAll, eventually, loupe, settled, writeAndOpen } from "./support/workspace.ts";

/** Its weights take long, its text is short. */
const program = `import torch
import torch.nn.functional as F
torch.manual_seed(0)
q = torch.randn(1, 1, 4096, 64)
y = F.scaled_dot_product_attention(q, q, q)
`;

describe("a panel in an editor", () => {
  before(loupe);
  afterEach(closeAll);

  it("is about the file that was turned to last, though the panel of the side bar still computes it", async () => {
    await vscode.commands.executeCommand("attentionLoupe.view.focus");
    for (const [turn, moment] of [0, 50, 100, 200, 400].entries()) {
      await writeAndOpen(`earlier-${turn}.py`, program);
      await opensAbout(`earlier-${turn}.py`);
      await writeAndOpen(`later-${turn}.py`, program);
      await settled(moment);
      await opensAbout(`later-${turn}.py`);
      await closeAll();
    }
  });
});

/** Opens a panel in an editor, and closes it when it is about this file. */
async function opensAbout(file: string): Promise<void> {
  await vscode.commands.executeCommand("attentionLoupe.openInEditor");
  await eventually(() =>
    deepStrictEqual(
      panels().map(({ label }) => label),
      [`Attention · ${file}`],
    ),
  );
  await vscode.window.tabGroups.close(panels());
}

function panels(): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes("attentionLoupe"));
}
