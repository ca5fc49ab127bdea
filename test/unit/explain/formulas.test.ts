import assert from "node:assert/strict";
import { typesetFormulas } from "../../../scripts/typesetFormulas.mjs";
import type { FormulaPart } from "../../../src/explain/blocks.ts";
import { explainFacts } from "../../../src/explain/explainFacts.ts";
import { formulaNames, formulaText } from "../../../src/explain/formulas.ts";
import { blocksToMarkdown } from "../../../src/explain/markdown/blocksToMarkdown.ts";
import { formulaPicture, type TypesetFormulas } from "../../../src/explain/markdown/formulaPicture.ts";
import { matrixPicture } from "../../../src/explain/markdown/matrixPicture.ts";
import type { Theme } from "../../../src/explain/markdown/theme.ts";
import { english, facts } from "./sampleFacts.ts";

const themes: Theme[] = ["dark", "light", "highContrast", "highContrastLight"];

describe("typeset formulas", () => {
  let svg: TypesetFormulas;
  let mathml: Readonly<Record<string, string>>;

  before(async () => {
    ({ svg, mathml } = await typesetFormulas());
  });

  it("are there for every name, small enough to ship", () => {
    assert.deepEqual(Object.keys(svg.formulas), [...formulaNames]);
    assert.deepEqual(Object.keys(mathml), [...formulaNames]);
    assert.ok(JSON.stringify(svg).length < 4000 * formulaNames.length);
  });

  it("have every glyph that they use, and a box for every part", () => {
    const parts: FormulaPart[] = [
      "query",
      "key",
      "value",
      "mask",
      "scores",
      "weights",
      "output",
      "scale",
      "scaled",
      "masked",
    ];
    const { body } = svg.formulas.maskedAttention;
    for (const part of parts) {
      assert.match(body, new RegExp(`<g class='${part}'[^>]*><rect class='box'`));
      assert.match(mathml.maskedAttention!, new RegExp(`class="${part}"`));
    }
    for (const name of formulaNames) {
      for (const [, id] of svg.formulas[name].body.matchAll(/href='#([^']+)'/g)) assert.ok(svg.glyphs[id!], id);
    }
  });

  it("mark one part, in colours that can be read on their box", () => {
    const picture = (theme: Theme) =>
      decodeURIComponent(
        formulaPicture({ kind: "formula", formula: "attention", marked: "key", words: "" }, svg, theme).uri,
      );
    assert.match(picture("dark"), /\.key\{fill:#ffffff\}\.key>\.box\{fill:#0b5394;stroke:none\}/);
    assert.match(picture("highContrast"), /\.key>\.box\{fill:none;stroke:#f38518/);
    for (const theme of themes) assert.doesNotMatch(picture(theme), /\.query/);
    assert.equal(new Set(themes.map(picture)).size, themes.length);
  });

  it("keep a hover with formula and heatmap below 40,000 characters, its addresses whole", () => {
    const values = Float32Array.from({ length: 48 * 48 }, (_, at) => Math.sin(at));
    const given = facts({ picture: { rows: 48, columns: 48, values } }, { masked: true });
    const markdown = blocksToMarkdown(explainFacts(given, english), {
      command: (action) => action,
      formula: (block) => formulaPicture(block, svg, "dark"),
      matrix: (block) => matrixPicture(block, "dark", "viridis"),
    });
    assert.ok(markdown.length < 40_000, String(markdown.length));
    const pictures = [
      ...markdown.matchAll(/!\[[^\]]+\]\((data:image\/svg\+xml,[^\s()"<>|]+)\|width=\d+,height=\d+\)/g),
    ];
    assert.equal(pictures.length, 2);
    for (const [, uri] of pictures)
      assert.match(decodeURIComponent(uri!), /^data:image\/svg\+xml,<svg [\s\S]*<\/svg>$/);
  });

  it("are the same on one line of text", () => {
    assert.deepEqual(formulaText("attention", "key"), { before: "softmax(Q", marked: "Kᵀ", after: "/√d_k)V" });
    assert.deepEqual(formulaText("maskedAttention", null), { before: "softmax(QKᵀ/√d_k + M)V", marked: "", after: "" });
  });
});
