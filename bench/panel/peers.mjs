// The same matrix in other people's hands: one SVG rectangle a cell, and a Chart.js matrix. Each resolves when it has been painted.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

export const peers = [
  { name: "SVG cells", upTo: 1024, prepare: async () => {}, draw: drawSvg },
  { name: "Chart.js matrix", upTo: 512, prepare: loadChart, draw: drawChart },
];

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
