import assert from "node:assert/strict";
import fc from "fast-check";
import { Marked, type Token } from "marked";
import { blocksToText } from "../../../src/explain/blocksToText.ts";
import { explainFacts } from "../../../src/explain/explainFacts.ts";
import { blocksToMarkdown } from "../../../src/explain/markdown/blocksToMarkdown.ts";
import { inLabel } from "../../../src/explain/visible.ts";
import type { Language, Reader } from "../../../src/reading/document.ts";
import { jsonReader } from "../../../src/reading/json/reader.ts";
import { createCore } from "../../../src/service/core.ts";
import { reader } from "../reading/python/reader.ts";
import { english } from "./sampleFacts.ts";

const hostile = [
  "<|im_start|>",
  "<s>",
  "$(sync~spin)",
  "https://evil.example/?q=1",
  "[x](command:workbench.action.quit)",
  "\u202egnp.exe",
  "a|b|c",
  "<img src=x onerror=alert(1)>",
  "**b** `c` # d",
  "{translate}",
  "\u001b[31mred",
];

/** Words as a file may have them: ours, and any other. */
const word = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }));

/** Everything that is said at each of some places of a text, as Markdown and for a terminal. */
async function saidAt(text: string, language: Language, places: readonly number[]) {
  const readerOf = (async (of: Language): Promise<Reader> => (of === "python" ? reader() : jsonReader())) as never;
  const core = createCore({ readerOf, nextTurn: async () => {} });
  await core.open({ uri: "x", language, version: 1, text });
  const said: string[] = [];
  for (const offset of places) {
    const facts = await core.facts({ uri: "x", offset });
    if (!facts) continue;
    const blocks = explainFacts(facts, { ...english, verbosity: "everything", uri: "x" });
    said.push(blocksToText(blocks));
    assertHarmless(blocksToMarkdown(blocks, { command: (action) => `attentionLoupe.${action}` }));
  }
  return said;
}

/** Only what we wrote ourselves is syntax; the only links are our commands and addresses that we chose. */
function assertHarmless(markdown: string): void {
  const marked = new Marked();
  marked.walkTokens(marked.lexer(markdown), (token: Token) => {
    assert.ok(!["code", "heading", "blockquote", "image", "codespan", "em", "del"].includes(token.type), token.type);
    if (token.type === "link") assert.match(token.href, /^command:attentionLoupe\.\w+\?/);
    if (token.type === "html") assert.match(token.raw, /^<\/?(b|code|span( style="color:var\(--vscode-[\w-]+\);")?)>$/);
    if (token.type === "text") assert.doesNotMatch(token.raw, /[\p{Cc}\u202a-\u202e\u2066\u2067]|\$\(/u);
  });
}

describe("files that would break what they can", () => {
  it("JSON: names and tokens are shown as they are, in hovers and in the terminal", async () => {
    await fc.assert(
      fc.asyncProperty(word, fc.array(word, { minLength: 2, maxLength: 4 }), async (key, tokens) => {
        const rows = tokens.map((_, at) => [at, 1.5]);
        const text = JSON.stringify({ [`M${key}`]: rows, tokens, Q: rows, K: rows, V: rows, weights: rows });
        const places = [2, text.indexOf('"tokens"') + 1, text.indexOf('"tokens"') + 12, text.indexOf('"Q"') + 1];
        const inRow = text.indexOf('"Q"') + 7;
        for (const said of await saidAt(text, "json", [...places, inRow, text.lastIndexOf("1.5")]))
          assert.doesNotMatch(said.replaceAll("\n", ""), /[\p{Cc}\u202a-\u202e]/u, "a terminal would obey it");
      }),
      { numRuns: 60 },
    );
  });

  it("Python: expressions with such strings in them are shown as they are", async () => {
    await fc.assert(
      fc.asyncProperty(word, async (key) => {
        const name = JSON.stringify(key).replace(
          /[\u007f-\uffff]/g,
          (at) => `\\u${at.charCodeAt(0).toString(16).padStart(4, "0")}`,
        );
        const text = `import numpy as np\nd = {${name}: np.ones((3, 2))}\nx = d[${name}] @ d[${name}].T\ny = np.einsum("ij,kj->ik", d[${name}], d[${name}])\n`;
        const places = ["x = ", "@", "y = ", "np.einsum"].map((found) => text.indexOf(found));
        const said = await saidAt(text, "python", [...places, text.indexOf("d[") + 2, text.lastIndexOf(")") - 1]);
        assert.ok(said.length > 0);
      }),
      { numRuns: 40 },
    );
  });

  it("labels: no icon, no link, no turned text", () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 4 }), (words) => {
        const label = inLabel(words.join(""));
        assert.doesNotMatch(label, /\$\([\w-]+(~\w+)?\)|\]\((https?|command|file):|[\u202a-\u202e\u2066\u2067]/);
      }),
    );
    assert.equal(inLabel("Q 4×8 · f(x)"), "Q 4×8 · f(x)");
  });
});
