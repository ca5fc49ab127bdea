import type { Action, Block, FormulaBlock, Link, Mark, MatrixBlock, Span, TableBlock, Text } from "../blocks.ts";
import { formulaText } from "../formulas.ts";
import { shownName, visible } from "../visible.ts";
import { escapeMarkdown, escapeUri } from "./escape.ts";
import type { Picture } from "./picture.ts";

export interface MarkdownOptions {
  /** The command of an action; its one argument is the link's target. null: the link is left out. */
  readonly command: (action: Action) => string | null;
  /** null, or no pictures at all: words are shown instead. */
  readonly formula?: (block: FormulaBlock) => Picture | null;
  readonly matrix?: (block: MatrixBlock) => Picture | null;
}

/** VS Code cuts Markdown off at 100,000 characters; pictures that would not fit are left out. */
const limit = 90_000;

/**
 * Blocks as the Markdown that VS Code's hovers take, with `supportHtml` and the commands enabled that `command` names.
 * Nothing in the blocks can become syntax: all their text is escaped.
 */
export function blocksToMarkdown(blocks: readonly Block[], options: MarkdownOptions): string {
  const parts: string[] = [];
  let length = 0;
  for (const block of blocks) {
    const part = written(block, options);
    if (length + part.length > limit) continue;
    length += part.length + 2;
    if (part !== "") parts.push(part);
  }
  return parts.join("\n\n");
}

function written(block: Block, options: MarkdownOptions): string {
  switch (block.kind) {
    case "heading":
      return `<b>${inline(block.text)}</b>`;
    case "paragraph":
      return inline(block.text);
    case "list":
      return block.items.map((item) => `- ${inline(item)}`).join("\n");
    case "table":
      return table(block);
    case "formula":
      return formula(block, options);
    case "matrix":
      return image(options.matrix?.(block), block.words);
    case "links":
      return links(block.links, options);
  }
}

/** Blanks at the start would make a code block of it. */
function inline(text: Text): string {
  return text.map(span).join("").replace(/ {2,}/g, " ").trim();
}

function span({ text, mark, href }: Span): string {
  const shown = escapeMarkdown(mark === "name" ? shownName(text) : visible(text));
  const set = mark ? marked(shown, mark) : shown;
  return href === undefined ? set : `[${set}](${href})`;
}

/** Numbers have the colour that the editor gives them, so that they stand out without shouting. */
function marked(shown: string, mark: Mark): string {
  if (mark === "name" || mark === "code") return `<code>${shown}</code>`;
  if (mark === "strong") return `<b>${shown}</b>`;
  return `<span style="color:var(--vscode-debugTokenExpression-number);">${shown}</span>`;
}

/** The hover sets columns without a gap between them, so each but the first begins with one. */
function table({ head, rows, align }: TableBlock): string {
  const line = (cells: readonly Text[]) => `| ${cells.map(inline).join(" | &emsp;")} |`;
  const rule = `|${align.map((side) => (side === "right" ? "--:" : ":--")).join("|")}|`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}

function formula(block: FormulaBlock, options: MarkdownOptions): string {
  const picture = image(options.formula?.(block), block.words);
  if (picture !== "") return picture;
  const { before, marked, after } = formulaText(block.formula, block.marked);
  const signs = `${escapeMarkdown(before)}${marked && `<b>${escapeMarkdown(marked)}</b>`}${escapeMarkdown(after)}`;
  // Whoever sees no pictures may hear the signs badly.
  return `${signs} (${escapeMarkdown(block.words)})`;
}

function image(picture: Picture | null | undefined, words: string): string {
  if (!picture) return "";
  return `![${escapeMarkdown(words)}](${picture.uri}|width=${picture.width},height=${picture.height})`;
}

function links(all: readonly Link[], { command }: MarkdownOptions): string {
  return all
    .map((link) => anchor(link, command(link.action)))
    .filter((text) => text !== "")
    .join(" &nbsp;·&nbsp; ");
}

function anchor({ label, target }: Link, command: string | null): string {
  return command === null
    ? ""
    : `[${escapeMarkdown(label)}](command:${command}?${escapeUri(JSON.stringify([target]))})`;
}
