import assert from "node:assert/strict";
import fc from "fast-check";
import { Marked, type Token, type Tokens } from "marked";
import { type Block, name, number, plain } from "../../../src/explain/blocks.ts";
import { explainFacts } from "../../../src/explain/explainFacts.ts";
import { blocksToMarkdown, type MarkdownOptions } from "../../../src/explain/markdown/blocksToMarkdown.ts";
import { brief, english, facts, rowStatistics } from "./sampleFacts.ts";

const options: MarkdownOptions = {
  command: (action) => `attentionLoupe.${action}`,
  formula: () => ({ uri: "data:image/svg+xml,%3Csvg%2F%3E", width: 200, height: 40 }),
};

/** Everything that the parser of VS Code's hovers makes of a text, flattened. */
function tokens(markdown: string): Token[] {
  const all: Token[] = [];
  const marked = new Marked();
  marked.walkTokens(marked.lexer(markdown), (token) => void all.push(token));
  return all;
}

const hostile = [
  "<|im_start|>",
  "<s>",
  "</s>",
  "$(x)",
  "$(sync~spin)",
  "https://example.com/?a=b",
  "www.example.com",
  "me@example.com",
  "a|b|c",
  "`code`",
  "``",
  "**bold**",
  "_x_",
  "~~gone~~",
  "[click](command:workbench.action.quit)",
  "![x](data:image/png;base64,AAAA)",
  "<img src=x onerror=alert(1)>",
  "&lt;b&gt;",
  "&#96;",
  "# heading",
  "- item",
  "1. item",
  "> quote",
  "    code",
  "---",
  "===",
  "\\",
  "\\|",
  "\u202Egnp.exe",
  "\u2066x",
  "abc\u0000def",
  "a\nb",
  "a\r\n\r\n# b",
  "שלום",
  "مرحبا",
  "😀",
  "\ud800",
  "",
  " ",
  "<!-- x -->",
  '<span style="color:#fff;">',
  "|:--|",
  "``` js",
];

describe("blocksToMarkdown", () => {
  for (const text of hostile) {
    it(`shows ${JSON.stringify(text)} and obeys none of it`, () => harmless(text));
  }

  it("obeys nothing in any text", () => {
    const part = fc.oneof(
      fc.constantFrom(...hostile),
      fc.string({ unit: "binary" }),
      fc.string({ unit: "grapheme-ascii" }),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 4 }).map((parts) => parts.join("")),
        harmless,
      ),
      { numRuns: 400 },
    );
  });

  it("says in words what pictures show: as their alternative, and in full where there are none", () => {
    const blocks = explainFacts(facts({}, { role: "key" }), brief);
    const words =
      /softmax of &#40;Q times K transposed, divided by the square root of the head size&#41;, times V; marked&#58; key/;
    assert.match(blocksToMarkdown(blocks, options), new RegExp(`!\\[${words.source}\\]`));
    const without = blocksToMarkdown(blocks, { command: options.command });
    assert.match(without, words);
    assert.match(without, /softmax&#40;Q<b>Kᵀ<\/b>/);
    assert.doesNotMatch(without, /!\[|data:/);
  });

  it("keeps a hostile token's weight in its row", () => {
    const top = [
      { key: 0, token: "<|im_start|>", weight: 0.75 },
      { key: 1, token: "a|b", weight: 0.25 },
    ];
    const markdown = blocksToMarkdown(
      explainFacts(facts({}, { row: { query: 0, statistics: rowStatistics(), top } }), brief),
      options,
    );
    const table = tokens(markdown).find((token): token is Tokens.Table => token.type === "table");
    assert.deepEqual(
      table?.rows.map((cells) => cells.length),
      [2, 2],
    );
    assert.match(table!.rows[0]![0]!.text, /&#60;&#124;im&#95;start&#124;&#62;/);
    assert.match(table!.rows[0]![1]!.text, /0&#46;75/);
  });

  it("gives links only to the commands that the host names", () => {
    const blocks = explainFacts(facts(), english);
    const links = (markdown: string) =>
      tokens(markdown).flatMap((token) => (token.type === "link" ? [token.href as string] : []));
    const all = links(blocksToMarkdown(blocks, options));
    assert.equal(all.length, 6);
    const [command, argument] = all[0]!.split("?");
    assert.equal(command, "command:attentionLoupe.run");
    assert.deepEqual(JSON.parse(decodeURIComponent(argument!)), [
      { uri: "file:///attention.json", offset: 10, site: "$" },
    ]);
    assert.deepEqual(
      links(blocksToMarkdown(blocks, { command: (action) => (action === "run" ? "x.run" : null) })).length,
      1,
    );
  });

  it("shows the formula as a picture with words for it, and as text without pictures", () => {
    const blocks = explainFacts(facts({}, { role: "value" }), brief);
    const picture = tokens(blocksToMarkdown(blocks, options)).find(
      (token): token is Tokens.Image => token.type === "image",
    );
    assert.match(picture!.href, /^data:image\/svg\+xml,.*\|width=200,height=40$/);
    assert.match(picture!.text, /softmax of/);
    assert.match(blocksToMarkdown(blocks, { command: () => null }), /softmax&#40;QKᵀ&#47;√d&#95;k&#41;<b>V<\/b>/);
  });

  it("stays below what VS Code would cut", () => {
    const long: Block = {
      kind: "list",
      items: Array.from({ length: 5000 }, () => plain("a long sentence of no interest")),
    };
    const blocks: Block[] = [{ kind: "heading", text: [name("Q")] }, long, { kind: "paragraph", text: plain("after") }];
    const markdown = blocksToMarkdown(blocks, options);
    assert.ok(markdown.length < 100_000);
    assert.match(markdown, /<code>Q<\/code>[\s\S]*after/);
  });
});

/** Shows `text` everywhere a document's text can stand, and finds there only what we wrote ourselves. */
function harmless(text: string): void {
  const blocks: Block[] = [
    { kind: "heading", text: [name(text), { text }] },
    { kind: "paragraph", text: [name(text)] },
    { kind: "paragraph", text: plain(text) },
    { kind: "paragraph", text: [number(text), { text }] },
    {
      kind: "table",
      head: [[name(text)], plain("weight")],
      rows: [
        [[name(text)], plain("0.5")],
        [plain(text), plain("0.25")],
      ],
      align: ["left", "right"],
    },
    { kind: "list", items: [[name(text)], plain(text)] },
  ];
  const found = tokens(blocksToMarkdown(blocks, options));
  const types = new Set(found.map(({ type }) => type));
  for (const type of types)
    assert.ok(
      ["paragraph", "text", "html", "table", "list", "list_item", "space"].includes(type),
      `${type} in ${JSON.stringify(text)}`,
    );
  for (const token of found)
    if (token.type === "html") assert.match(token.raw, /^<\/?(b|code|span( style="color:var\(--vscode-[\w-]+\);")?)>$/);
  const table = found.find((token): token is Tokens.Table => token.type === "table")!;
  assert.deepEqual(
    table.rows.map((cells) => [cells.length, cells[1]!.text]),
    [
      [2, "&emsp;0&#46;5"],
      [2, "&emsp;0&#46;25"],
    ],
  );
  for (const token of found) if (token.type === "text") assert.doesNotMatch(token.raw, /[\p{Cc}\u202a-\u202e]|\$\(/u);
}
