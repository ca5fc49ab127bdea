// Hovers and the guided tour as a reader sees them, over a harmless file and over one that would break what it can.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { outputFolder } from "../../scripts/setup/paths.mjs";
import type { Theme } from "../../scripts/vscode/themes.ts";
import { drawnWidth, eventually } from "./support/eventually.ts";
import { useVscode } from "./support/vscode.ts";

const hostile = [
  "<|im_start|>",
  "<s>",
  "$(sync~spin)",
  "https://evil.example/?q=1",
  "[x](command:workbench.action.quit)",
  "\u202egnp.exe",
  "a|b|c",
  "<img src=x onerror=alert(1)>",
  "**b** `c`",
];
const rows = hostile.map((_, at) => [at, 1]);
const picture = (name: string) => join(outputFolder, "screens", `${name}.png`);

for (const [theme, language] of [
  ["dark", "en"],
  ["light", "zh-cn"],
  ["high-contrast", "en"],
] as const) {
  describe(`hovers, ${theme}, ${language}`, () => {
    const vscode = useVscode({
      theme: theme as Theme,
      ...(language === "zh-cn" && { language }),
      size: { width: 1400, height: 1200 },
    });

    it("typeset the formula over a tensor, a row and a number, and lead to the whole text", async () => {
      await vscode.window.openFile("attention.json");
      for (const [what, line, column, text] of [
        ["tensor", 4, 4, "√8 ≈ 2.828"],
        ["row", 6, 12, "0.7746"],
        ["number", 12, 25, "K[1, 2] = 0.06"],
      ] as const) {
        const hover = await vscode.window.hover(line, column, { text });
        const formula = hover.locator("img[src^='data:image/svg+xml']").first();
        await eventually(async () => assert.ok((await formula.evaluate(drawnWidth)) > 100, what));
        assert.match((await formula.getAttribute("alt")) ?? "", /softmax/);
        await vscode.window.screenshot(picture(`hover-${what}-${theme}-${language}`));
        if (what === "number")
          await hover.getByRole("link", { name: language === "en" ? "Explain" : "讲解", exact: true }).click();
      }
      const panel = await vscode.window.panelFrame();
      await panel.getByText("rank 5 of 8").or(panel.getByText("8 个数中排第 5")).first().waitFor();
    });

    if (theme === "high-contrast") return;

    it("guides through the formula, page by page", async () => {
      await vscode.window.openFile("attention.json");
      await vscode.window.runCommand("attentionLoupe.explainFormula");
      const panel = await vscode.window.panelFrame();
      const heading = panel.getByRole("heading", { level: 1 });
      const seen = new Set<string>();
      for (let page = 1; page <= 13; page++) {
        await panel.getByText(new RegExp(`^(${page} of 13|第 ${page}/13 页)$`)).waitFor();
        seen.add(await heading.innerText());
        assert.ok((await panel.getByRole("article").innerText()).length > 40);
        await vscode.window.screenshot(picture(`tour-${String(page).padStart(2, "0")}-${theme}-${language}`));
        if (page < 13) await panel.getByText(language === "en" ? "Next" : "下一页", { exact: true }).click();
      }
      assert.equal(seen.size, 13);
      await panel.getByText(language === "en" ? "Done" : "完成", { exact: true }).click();
      await panel.getByRole("tablist").first().waitFor();
    });
  });
}

describe("a file that would break what it can", () => {
  const vscode = useVscode({ size: { width: 1400, height: 1200 } });

  it("shows its names and tokens as they are and obeys none of them", async () => {
    const text = JSON.stringify({ "M](command:x)<b>$(x)": rows, tokens: hostile, Q: rows, K: rows, V: rows });
    const lines = text.replace(/"(tokens|Q|K|V)":/g, '\n"$1":');
    writeFileSync(join(vscode.folder, "hostile.json"), lines);
    await vscode.window.openFile("hostile.json");
    const whole = await vscode.window.hover(1, 4, { text: "M](command:x)<b>$(x)" });
    await isHarmless(whole);
    const row = await hostileRow(() => vscode.window.hover(3, 6, { text: "entropy" }));
    await isHarmless(row);
    await vscode.window.screenshot(picture("hover-hostile"));
    assert.deepEqual(vscode.window.ownErrors, []);
  });

  async function isHarmless(hover: Locator): Promise<void> {
    const links = await hover
      .locator("a")
      .evaluateAll((all) => all.map((link) => link.getAttribute("data-href") ?? link.getAttribute("href") ?? ""));
    assert.ok(links.length > 0);
    for (const link of links) assert.match(link, /^command:attentionLoupe\.\w+\?/);
    assert.equal(await hover.locator("img:not([src^='data:image/svg+xml'])").count(), 0);
    assert.equal(await hover.locator(".codicon-sync, .codicon-x").count(), 0);
  }

  /** The hover on the first row, with five tokens in its table. */
  async function hostileRow(open: () => ReturnType<typeof vscode.window.hover>) {
    const hover = await open();
    const cells = await hover
      .locator("tbody tr")
      .evaluateAll((all) => all.map((line) => line.querySelectorAll("td").length));
    assert.deepEqual(cells, [2, 2, 2, 2, 2]);
    assert.match(await hover.innerText(), /<\|im_start\|>/);
    return hover;
  }
});
