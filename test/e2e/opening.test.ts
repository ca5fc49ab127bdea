import { deepStrictEqual, match, ok } from "node:assert/strict";
import { reportedErrors } from "../../scripts/vscode/logs.ts";
import { drawnWidth, eventually } from "./support/eventually.ts";
import { panelOf } from "./support/panel.ts";
import { useVscode } from "./support/vscode.ts";

/** softmax(QKᵀ/√8) of examples/attention.json, row 0, as NumPy computes it. */
const firstRow = [0.5812029, 0.07825655, 0.03854086, 0.03543928, 0.23191156, 0.03464884];

describe("opening examples/attention.json", () => {
  const vscode = useVscode({}, () => vscode.window.openFile("attention.json"));

  it("puts a lens with every shape above the query", async () => {
    const lens = vscode.window.page.locator(".codelens-decoration a");
    const expected = ["▷ Attention · Q 4×8 · K 6×8 · V 6×8"];
    await eventually(async () => deepStrictEqual(await lens.allInnerTexts(), expected));
  });

  it("explains a tensor under the mouse", async () => {
    const hover = await vscode.window.hover(4, 4, { text: "4×8" });
    match(await hover.innerText(), /query/);
    const formula = hover.locator("img").first();
    await eventually(async () => ok((await formula.evaluate(drawnWidth)) > 20, "the formula is not drawn"));
  });

  it("explains a number under the mouse", async () => {
    const hover = await vscode.window.hover(5, 8, { text: "Q[0, 0]" });
    match(await hover.innerText(), /2\.5/);
  });

  it("shows the weights that NumPy computes, when the lens is clicked", async () => {
    await vscode.window.page.locator(".codelens-decoration a").first().click();
    const panel = await panelOf(vscode.window, "attention.json");
    const [row] = await panel.rows(1);
    deepStrictEqual(row?.keys, ["The", "cat", "sat", "on", "the", "mat"]);
    const differences = firstRow.map((weight, i) => Math.abs(weight - (row?.values[i] ?? Number.NaN)));
    ok(Math.max(...differences) < 1e-6, `${row?.values}`);
  });

  it("leaves no error behind", () => {
    deepStrictEqual(vscode.window.ownErrors, []);
    deepStrictEqual(reportedErrors(vscode.server.dataFolder), []);
  });
});
