// `node scripts/walkthroughPictures.mjs`: draws media/walkthrough/*.svg from examples/attention.json. Every number in them is
// computed here; a test draws them again. Colours are the theme's, except those of the heatmap.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { attend } from "../src/attention/engine.ts";
import { formulaPicture } from "../src/explain/markdown/formulaPicture.ts";
import { colorIndex, colorMap, hexColor, inkOn } from "../src/picture/colorMaps.ts";
import { numberText } from "../src/tensor/print.ts";
import { tensor } from "../src/tensor/tensor.ts";
import { typesetFormulas } from "./typesetFormulas.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Pictures by file name. */
export async function walkthroughPictures() {
  const example = JSON.parse(readFileSync(`${root}examples/attention.json`, "utf8"));
  const result = (await attend({ query: matrix(example.Q), key: matrix(example.K), value: matrix(example.V) })).value;
  const { svg } = await typesetFormulas();
  return {
    "open.svg": picture(editor(example)),
    "hover.svg": picture(`${editor(example)}${card(svg, example)}`),
    "panel.svg": picture(heatmap(example, result)),
    "formula.svg": picture(steps(svg, result.cell({ batch: 0, head: 0 }, 1, 1))),
  };
}

function matrix(rows) {
  return tensor("float64", [rows.length, rows[0].length], Float64Array.from(rows.flat()));
}

function picture(inside) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 320" font-family="var(--vscode-font-family, sans-serif)" fill="var(--vscode-foreground, #888)">${inside}</svg>\n`;
}

function text(x, y, content, more = "") {
  return `<text x="${x}" y="${y}" ${more}>${content.replace(/[&<>]/g, (mark) => `&#${mark.charCodeAt(0)};`)}</text>`;
}

function box(x, y, width, height, more = "") {
  const paint = `fill="var(--vscode-editorHoverWidget-background, none)" stroke="var(--vscode-editorHoverWidget-border, #888)"`;
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" ${more || paint}/>`;
}

/** The beginning of the example, as an editor shows it, with the lens above Q. */
function editor({ Q, K, V }) {
  const size = (rows) => `${rows.length}×${rows[0].length}`;
  const lens = `▷ Attention · Q ${size(Q)} · K ${size(K)} · V ${size(V)}`;
  const row = (numbers) =>
    `    [${numbers
      .slice(0, 4)
      .map((x) => x.toFixed(2).padStart(5))
      .join(", ")}, …],`;
  const lines = ['  "Q": [', ...Q.map(row), "  ],", '  "K": [', ...K.slice(0, 3).map(row)];
  const mono = `font-family="var(--vscode-editor-font-family, monospace)" font-size="15" xml:space="preserve"`;
  return [
    text(40, 40, lens, `font-size="13" fill="var(--vscode-textLink-foreground, #3794ff)"`),
    ...lines.map((line, at) => text(24, 66 + 24 * at, line, mono)),
  ].join("");
}

/** What a hover on K says first. */
function card(typeset, { Q, K }) {
  const [queries, keys, size] = [Q.length, K.length, K[0].length];
  const sizes = `QKᵀ: [${queries}×${size}]·[${size}×${keys}] → [${queries}×${keys}]`;
  return `${box(170, 130, 290, 150)}${formula(typeset, "key", 190, 148, 1.5)}${text(190, 244, sizes, 'font-size="15"')}${text(190, 266, `√${size} ≈ ${numberText(Math.sqrt(size))}`, 'font-size="15"')}`;
}

/** The weights with the words of rows and columns. */
function heatmap({ query_tokens, key_tokens }, result) {
  const viridis = colorMap("viridis");
  const cell = { width: 58, height: 48, left: 100, top: 60 };
  const cells = query_tokens.map((word, query) => {
    const { weights } = result.row({ batch: 0, head: 0 }, query);
    const y = cell.top + query * cell.height;
    const squares = [...weights].map((weight, key) => {
      const entry = colorIndex(weight);
      const x = cell.left + key * cell.width;
      const ink = `text-anchor="middle" font-size="14" fill="${inkOn(viridis, entry)}"`;
      return `<rect x="${x}" y="${y}" width="${cell.width}" height="${cell.height}" fill="${hexColor(viridis, entry)}"/>${text(x + cell.width / 2, y + 29, weight.toFixed(2), ink)}`;
    });
    return text(cell.left - 12, y + 29, word, 'text-anchor="end" font-size="16"') + squares.join("");
  });
  const heads = key_tokens.map((word, key) =>
    text(cell.left + (key + 0.5) * cell.width, cell.top - 14, word, 'text-anchor="middle" font-size="16"'),
  );
  return cells.join("") + heads.join("");
}

/** One pair on its way: score, scaled score, weight. */
function steps(typeset, { score, scaled, weight, products }) {
  const stages = [
    ["q·k", score],
    [`÷ √${products.length}`, scaled],
    ["softmax", weight],
  ];
  const boxes = stages.map(([name, value], at) => {
    const x = 24 + at * 152;
    const arrow = at === 0 ? "" : text(x - 20, 248, "→", 'font-size="20"');
    return `${arrow}${box(x, 200, 128, 84)}${text(x + 64, 230, name, 'text-anchor="middle" font-size="16"')}${text(x + 64, 262, numberText(value), 'text-anchor="middle" font-size="20" font-weight="600"')}`;
  });
  return formula(typeset, "weights", 60, 40, 2.2) + boxes.join("");
}

/** The typeset formula, in the theme's colours instead of a kind's. */
function formula(typeset, marked, x, y, size) {
  const { uri, width } = formulaPicture({ kind: "formula", formula: "attention", marked, words: "" }, typeset, "dark");
  const svg = decodeURIComponent(uri.slice(uri.indexOf(",") + 1));
  const [, viewBox, inside] = /^<svg [^>]*viewBox='([^']*)'>([\s\S]*)<\/svg>$/.exec(svg);
  const themed = inside
    .replace(/<style>[\s\S]*?<\/style>/, "")
    .replace(/<g fill='[^']*'/, "<g fill='var(--vscode-foreground, #888)'")
    .replaceAll("class='box'", "fill='none'")
    .replace(`<g class='${marked}'`, "<g stroke='none'")
    .replace(
      /(<g stroke='none'[^>]*><rect )fill='none'/,
      "$1fill='none' stroke-width='40' stroke='var(--vscode-focusBorder, #3794ff)'",
    );
  // A group, not an SVG inside the SVG: VS Code's sheet for walkthroughs moves every `svg`.
  const [left, top, span] = viewBox.split(" ").map(Number);
  const scale = (width * size) / span;
  return `<g transform="translate(${x} ${y}) scale(${scale}) translate(${-left} ${-top})">${themed}</g>`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, svg] of Object.entries(await walkthroughPictures()))
    writeFileSync(`${root}media/walkthrough/${name}`, svg);
}
