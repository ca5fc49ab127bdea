// The same matrix in other people's hands: one SVG rectangle a cell, a Chart.js matrix, and BertViz's head view (lines, not
// a map: its picture of the same weights). Each resolves when it has been painted.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);

/** @param given where BertViz's `head_view.js` is; else that of Python's package `bertviz`, else one kept beside the peers. */
export function peersOf(given) {
  const headView = [given, installed(), cached()].find((path) => path && existsSync(path));
  if (!headView) console.log("BertViz is not compared with: pip install bertviz, or --bertviz=path/to/head_view.js");
  return [
    { name: "SVG cells", prepare: async () => {}, draw: drawSvg },
    { name: "Chart.js matrix", prepare: loadChart, draw: drawChart },
    ...(headView ? [{ name: "BertViz head view", prepare: loadBertViz(headView), draw: drawBertViz }] : []),
  ];
}

function installed() {
  const { stdout } = spawnSync("python3", ["-c", "import bertviz; print(bertviz.__path__[0])"], { encoding: "utf8" });
  return stdout ? join(stdout.trim(), "head_view.js") : undefined;
}

function cached() {
  return join(dirname(fileURLToPath(import.meta.url)), "../node_modules/.cache/bertviz/head_view.js");
}

/** Its page, without the loader that would fetch d3 and jQuery from the network: they stand beside it already. */
function loadBertViz(headView) {
  return async (page) => {
    for (const path of ["jquery/dist/jquery.min.js", "d3/dist/d3.min.js"])
      await page.addScriptTag({
        content: readFileSync(join(dirname(require.resolve("chart.js")), "../..", path), "utf8"),
      });
    const source = readFileSync(headView, "utf8");
    await page.evaluate((text) => {
      globalThis.require = { config() {} };
      globalThis.requirejs = (_, run) => run(globalThis.jQuery, globalThis.d3);
      globalThis.bertViz = (params) => new Function("PYTHON_PARAMS", text)(params);
    }, source);
  };
}

function drawBertViz(n) {
  document.body.innerHTML =
    '<div id="bench"><span>Layer: <select id="layer"></select></span><div id="vis"></div></div>';
  const words = Array.from({ length: n }, (_, i) => `w${i}`);
  const wave = (y, x) => 1 + Math.sin(x / 37) * Math.cos(y / 23);
  const rows = words.map((_, y) => {
    const row = words.map((_, x) => wave(y, x));
    const sum = row.reduce((a, b) => a + b);
    return row.map((x) => x / sum);
  });
  const start = performance.now();
  globalThis.bertViz({
    attention: [{ name: null, attn: [[rows]], left_text: words, right_text: words }],
    default_filter: "0",
    root_div_id: "bench",
    layer: null,
    heads: null,
    include_layers: [0],
  });
  return new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start))),
  );
}

async function loadChart(page) {
  for (const name of ["chart.js/dist/chart.umd.js", "chartjs-chart-matrix/dist/chartjs-chart-matrix.min.js"]) {
    const path = require.resolve(name.split("/")[0]).replace(/(.*node_modules.[^/\\]+).*/, "$1");
    await page.addScriptTag({ content: readFileSync(`${path}/${name.split("/").slice(1).join("/")}`, "utf8") });
  }
}

function drawSvg(n) {
  const start = performance.now();
  const side = 600 / n;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("width", "600");
  svg.setAttribute("height", "600");
  for (let y = 0; y < n; y++) {
    for (let x = 0; x < n; x++) {
      const cell = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [name, value] of [
        ["x", x * side],
        ["y", y * side],
        ["width", side],
        ["height", side],
        ["fill", `hsl(${Math.round(60 + 60 * Math.sin(x / 37) * Math.cos(y / 23))} 80% 50%)`],
      ])
        cell.setAttribute(name, String(value));
      svg.append(cell);
    }
  }
  document.body.replaceChildren(svg);
  return new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start))),
  );
}

function drawChart(n) {
  const start = performance.now();
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 600;
  document.body.replaceChildren(canvas);
  const data = Array.from({ length: n * n }, (_, i) => ({
    x: i % n,
    y: Math.floor(i / n),
    v: Math.sin((i % n) / 37) * Math.cos(i / n / 23),
  }));
  const size = () => 600 / n;
  new Chart(canvas, {
    type: "matrix",
    data: {
      datasets: [
        {
          data,
          width: size,
          height: size,
          backgroundColor: ({ raw }) => `hsl(${Math.round(60 + 60 * (raw?.v ?? 0))} 80% 50%)`,
        },
      ],
    },
    options: { animation: false, responsive: false, plugins: { legend: { display: false } } },
  });
  return new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start))),
  );
}
