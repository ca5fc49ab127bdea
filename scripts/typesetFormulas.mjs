// Typesets the formulas of src/explain/formulas.ts with MathJax while building, so that no typesetter ships.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import MathJax from "mathjax";

/** Formulas as SVG over one table of glyphs, and as MathML. `\bbox` and `\class` carry the parts through MathJax. */
export async function typesetFormulas() {
  const { tex2svgPromise, tex2mmlPromise, startup } = await MathJax.init({
    loader: { load: ["input/tex", "output/svg", "[tex]/bbox", "[tex]/html"] },
    tex: { packages: { "[+]": ["bbox", "html"] } },
    svg: { fontCache: "local" },
  });
  const { adaptor } = startup;
  const { formulaNames, formulaTex } = await formulasModule();
  const glyphs = {};
  const [svg, mathml] = [{}, {}];
  for (const name of formulaNames) {
    const container = await tex2svgPromise(formulaTex(name, inBox), { display: true });
    svg[name] = svgFormula(adaptor, adaptor.firstChild(container), glyphs);
    mathml[name] = cleanMathml(await tex2mmlPromise(formulaTex(name, inClass), { display: true }));
  }
  return { svg: { glyphs, formulas: svg }, mathml };
}

/** Through the bundler, so that any Node that builds can read the TypeScript. */
async function formulasModule() {
  const entryPoints = [fileURLToPath(new URL("../src/explain/formulas.ts", import.meta.url))];
  const { outputFiles } = await build({ entryPoints, bundle: true, format: "esm", write: false, logLevel: "error" });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
}

function inBox(tex, part) {
  return `\\class{${part}}{\\bbox[${part}]{${tex}}}`;
}

function inClass(tex, part) {
  return `\\class{${part}}{${tex}}`;
}

/** Padding around the whole, and around a marked part, in thousandths of an em. */
const [margin, padding] = [120, 70];

function svgFormula(adaptor, svg, glyphs) {
  const [, top, width, height] = adaptor.getAttribute(svg, "viewBox").split(" ").map(Number);
  const ids = new Map();
  const write = (node) => {
    const kind = adaptor.kind(node);
    if (kind === "defs") return collect(adaptor, node, glyphs, ids);
    const inside = adaptor.childNodes(node).map(write).join("");
    if (kind === "use")
      return element("use", {
        href: `#${ids.get(adaptor.getAttribute(node, "xlink:href").slice(1))}`,
        ...transformOf(adaptor, node),
      });
    if (kind === "rect") return rectangle(adaptor, node);
    const attributes = { ...classOf(adaptor, node), ...transformOf(adaptor, node) };
    return inside === "" || Object.keys(attributes).length === 0 ? inside : element("g", attributes, inside);
  };
  const body = adaptor.childNodes(svg).map(write).join("");
  return { box: [-margin, top - margin, width + 2 * margin, height + 2 * margin], body };
}

/** Each glyph is kept once for all formulas, under its short name. */
function collect(adaptor, defs, glyphs, ids) {
  for (const path of adaptor.childNodes(defs)) {
    const id = adaptor.getAttribute(path, "id");
    const short = id.replace(/^MJX-\d+-NCM-/, "").toLowerCase();
    ids.set(id, short);
    glyphs[short] = adaptor.getAttribute(path, "d");
  }
  return "";
}

function rectangle(adaptor, node) {
  const [x, y, width, height] = ["x", "y", "width", "height"].map((name) =>
    Number(adaptor.getAttribute(node, name) ?? 0),
  );
  if (!adaptor.getAttribute(node, "data-bgcolor")) return element("rect", { x, y, width, height });
  return element("rect", {
    class: "box",
    x: x - padding,
    y: y - padding,
    width: width + 2 * padding,
    height: height + 2 * padding,
    rx: 90,
  });
}

function classOf(adaptor, node) {
  const name = adaptor.getAttribute(node, "class");
  return name ? { class: name } : {};
}

function transformOf(adaptor, node) {
  const transform = adaptor.getAttribute(node, "transform");
  return transform ? { transform } : {};
}

/** Single quotes: in a percent-encoded address they stay one character. */
function element(name, attributes, inside = "") {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}='${value}'`)
    .join("");
  return inside === "" ? `<${name}${written}/>` : `<${name}${written}>${inside}</${name}>`;
}

function cleanMathml(mathml) {
  return mathml
    .replace(/ data-[\w-]+="[^"]*"/g, "")
    .replace(/>\s+</g, "><")
    .trim();
}
