import { Fragment, type JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { markup } from "#formulaMarkup";
import type { Block, FormulaBlock, MatrixBlock, Span, TableBlock, Text } from "../../src/explain/blocks.ts";
import { shownName, visible } from "../../src/explain/visible.ts";
import { matrixSvg } from "../../src/picture/matrixSvg.ts";
import { useSelect } from "../context.ts";

/** What the host explains, as elements. All text goes in as text. */
export function Blocks({ blocks }: { readonly blocks: readonly Block[] }): JSX.Element {
  return (
    <>
      {blocks.map((block, at) => (
        <BlockView key={at} block={block} />
      ))}
    </>
  );
}

function BlockView({ block }: { readonly block: Block }): JSX.Element | null {
  switch (block.kind) {
    case "heading":
      return (
        <h3>
          <Spans text={block.text} />
        </h3>
      );
    case "paragraph":
      return (
        <p>
          <Spans text={block.text} />
        </p>
      );
    case "list":
      return <List items={block.items} />;
    case "table":
      return <Table {...block} />;
    case "formula":
      return <Formula {...block} />;
    case "matrix":
      return <Matrix {...block} />;
    case "links":
      return null;
  }
}

function Spans({ text }: { readonly text: Text }): JSX.Element {
  return (
    <>
      {text.map((span, at) => (
        <Fragment key={at}>{spanView(span)}</Fragment>
      ))}
    </>
  );
}

function spanView({ text, mark, href }: Span): JSX.Element | string {
  if (href !== undefined) return <a href={href}>{text}</a>;
  if (mark === "name") return <q>{shownName(text)}</q>;
  if (mark === "code") return <code>{text}</code>;
  if (mark === "number") return <b class="number">{visible(text)}</b>;
  return mark === "strong" ? <b>{visible(text)}</b> : visible(text);
}

function List({ items }: { readonly items: readonly Text[] }): JSX.Element {
  return (
    <ul>
      {items.map((item, at) => (
        <li key={at}>
          <Spans text={item} />
        </li>
      ))}
    </ul>
  );
}

function Table({ head, rows, align }: TableBlock): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <div class="table-frame" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {head.map((cell, column) => (
              <th key={column} scope="col" class={`to-${align[column]}`}>
                <Spans text={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            <tr key={row}>
              {cells.map((cell, column) => (
                <td key={column} class={`to-${align[column]}`}>
                  <Spans text={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** MathML that the build made; the part that is meant is set off by the sheet. */
function Formula({ formula, marked, words }: FormulaBlock): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const math = new DOMParser().parseFromString(markup[formula], "application/xml").documentElement;
    frame.current?.replaceChildren(document.importNode(math, true));
  }, [formula]);
  // The inner language is that of the signs: fonts of other languages have no tall parentheses.
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long formula scrolls
    <div class="typeset" role="img" aria-label={words} tabIndex={0} data-marked={marked ?? undefined}>
      <div ref={frame} lang="en" />
    </div>
  );
}

function Matrix({ rows, columns, values, minimum, maximum, words, highlight }: MatrixBlock): JSX.Element {
  const colorMap = useSelect(({ snapshot }) => snapshot?.settings.colorMap);
  const dark =
    document.body.classList.contains("vscode-dark") || document.body.classList.contains("vscode-high-contrast");
  const svg = matrixSvg(values, rows, columns, {
    dark,
    domain: { minimum, maximum },
    title: words,
    size: 240,
    ...(colorMap !== undefined && { colorMap }),
    ...(highlight && { highlight }),
  });
  return <img class="picture" src={`data:image/svg+xml,${encodeURIComponent(svg)}`} alt={words} />;
}
