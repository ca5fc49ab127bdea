import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { eventually } from "./support/eventually.ts";
import { panelOf } from "./support/panel.ts";
import { useVscode } from "./support/vscode.ts";

const weights = [
  [1, 0, 0],
  [0.25, 0.75, 0],
  [0.5, 0.25, 0.25],
];

/** A notebook as Jupyter saves it. */
function notebookOf(cells: readonly { readonly code: string; readonly output?: object }[]): string {
  return JSON.stringify({
    cells: cells.map(({ code, output }) => ({
      cell_type: "code",
      execution_count: null,
      metadata: {},
      source: code.split(/(?<=\n)/),
      outputs: output
        ? [{ output_type: "display_data", metadata: {}, data: { "application/json": output, "text/plain": ["…"] } }]
        : [],
    })),
    metadata: { language_info: { name: "python" } },
    nbformat: 4,
    nbformat_minor: 5,
  });
}

const cells = [
  {
    code: `%load_ext autoreload
!pip install torch
import math
import torch

torch.manual_seed(0)
q = torch.randn(2, 4, 8)
k = torch.randn(2, 6, 8)
v = torch.randn(2, 6, 8)`,
  },
  { code: "%%time\nscores = q @ k.mT / math.sqrt(8)\nweights = scores.softmax(-1)\ncontext = weights @ v" },
  { code: "context", output: { attention: weights, tokens: ["the", "cat", "sat"] } },
];

describe("a notebook in VS Code", () => {
  const vscode = useVscode({ settings: { "attentionLoupe.inlayHints": "assignments" } }, async () => {
    writeFileSync(join(vscode.folder, "attention.ipynb"), notebookOf(cells));
    await vscode.window.openNotebook("attention.ipynb");
  });

  const cell = (at: number): Locator =>
    vscode.window.page.locator(".notebookOverlay .cell-list-container .monaco-list-row.code-cell-row").nth(at);
  const textOf = async (at: number) => (await cell(at).innerText()).replace(/\u00a0/g, " ");

  it("shows the shapes of each cell, read after those before it, magics left out", async () => {
    await eventually(async () => match(await textOf(0), /q: \[2, 4, 8\] = /));
    await eventually(async () => match(await textOf(1), /scores: \[2, 4, 6\] = [\s\S]*context: \[2, 4, 8\] = /));
  });

  it("hovers say what a name of an earlier cell is", async () => {
    const { page } = vscode.window;
    const name = cell(2).locator(".view-line", { hasText: "context" }).locator("span span").first();
    const hover = page.locator(".monaco-hover:visible", { hasText: "2×4×8" });
    await eventually(async () => {
      await page.mouse.move(0, 0);
      await name.hover();
      await hover.waitFor({ timeout: 3000 });
    });
    match(await hover.first().innerText(), /^context\s+·\s+output\s+·\s+2×4×8/);
  });

  it("an edit of a cell reaches those after it", async () => {
    const { page } = vscode.window;
    for (const name of [/^k\b/, /^v\b/]) {
      await cell(0).locator(".view-line", { hasText: name }).click();
      await cell(0).locator(".monaco-editor.focused").waitFor();
      await page.keyboard.press("End");
      await page.keyboard.type("[:, :5]");
    }
    await eventually(async () => match(await textOf(1), /scores: \[2, 4, 5\] = [\s\S]*context: \[2, 4, 8\] = /));
  });

  it("the lens of a cell shows its attention in the panel", async () => {
    const lens = cell(1).locator(".codelens-decoration a", { hasText: "Attention" });
    await eventually(async () => match(await lens.innerText(), /2 heads · 4×5/));
    await lens.click();
    const panel = await panelOf(vscode.window, "attention.ipynb");
    await eventually(async () => strictEqual((await panel.rows(1))[0]!.values.length, 5));
  });

  it("what a cell has put out as JSON is what the panel shows while that cell is looked at", async () => {
    await cell(2).locator(".view-line").click();
    const panel = await panelOf(vscode.window, "attention.ipynb");
    await eventually(async () =>
      deepStrictEqual(
        (await panel.rows(3)).map(({ values }) => values),
        weights,
      ),
    );
  });
});
