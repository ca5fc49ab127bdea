// Drawing: first paint of a map after its data, and frames while it is panned, zoomed and pointed at, in headless Chromium
// without a GPU, against SVG cells, a Chart.js matrix and BertViz's head view in the same browser and run. Writes
// bench/results/panel.md.
//   --check   fails where a floor is not held      --sizes 128,1024,4096,16384      --rounds 5
//   --peers 0 leaves the peers out                 --bertviz=path/to/head_view.js
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureChromium } from "../../scripts/setup/chromium.mjs";
import { launchBrowser } from "../../scripts/vscode/browser.ts";
import { openPanel, PanelServer } from "../../test/webview/support/panelPage.ts";
import { firstPaint, frames } from "./measure.mjs";
import { peersOf } from "./peers.mjs";
import { broken, quantile, report } from "./report.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const option = (name, otherwise) =>
  process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : otherwise;
const sizes = option("--sizes", "128,256,1024,4096,16384").split(",").map(Number);
const rounds = Number(option("--rounds", "5"));
const peers =
  option("--peers", "1") === "0"
    ? []
    : peersOf(process.argv.find((word) => word.startsWith("--bertviz="))?.slice("--bertviz=".length));
/** A peer that needs longer than this, in milliseconds, is stopped, and not asked for larger matrices. */
const patience = 30_000;

const browser = await launchBrowser(ensureChromium(console.log));
const server = await PanelServer.start(undefined, join(here, "hostWorker.ts"));
const open = (n, prepare) =>
  openPanel(browser, server, { scenario: String(n), width: 1000, height: 900, ...(prepare && { prepare }) });
const results = new Map();
const tooSlow = new Set();
try {
  for (const n of sizes) results.set(n, await measure(n));
} finally {
  await browser.close();
  server.stop();
}
const machine = `${cpus().length} cores of ${cpus()[0].model.trim()}, load ${loadavg()[0].toFixed(1)}`;
const text = report({
  results,
  peers: peers.map(({ name }) => name),
  machine,
  command: process.argv.slice(2).join(" "),
});
console.log(text);
writeFileSync(join(here, "../results/panel.md"), text);
if (process.argv.includes("--check")) {
  const lines = broken(results);
  for (const line of lines) console.log(`NOT HELD: ${line}`);
  process.exitCode = lines.length > 0 ? 1 : 0;
}

async function measure(n) {
  const paints = [];
  const others = new Map();
  for (let round = 0; round < rounds; round++) {
    paints.push(await firstPaint((prepare) => open(n, prepare)));
    for (const peer of peers) await compare(peer, n, others);
  }
  return { paint: quantile(paints, 0.5), frames: await frames(() => open(n)), others };
}

/** Peers that take long are asked once: they are not close enough for noise to matter. */
async function compare(peer, n, others) {
  const times = others.get(peer.name) ?? [];
  if (tooSlow.has(peer.name) || times[0] > 2000) return;
  times.push(await peerPaint(peer, n));
  others.set(peer.name, times);
  if (times.at(-1) > patience) tooSlow.add(peer.name);
}

async function peerPaint({ prepare, draw }, n) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 900 } });
  const page = await context.newPage();
  await prepare(page);
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve(Number.POSITIVE_INFINITY), patience);
  });
  const drawn = page.evaluate(draw, n).catch(() => Number.POSITIVE_INFINITY);
  const time = await Promise.race([drawn, late]);
  clearTimeout(timer);
  await context.close();
  return time;
}
