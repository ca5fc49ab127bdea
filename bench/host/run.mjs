// Latencies in a real extension host: activation, hovers, keystroke to weights, what the event loop suffers, and what a
// dump of 200 MB takes.
// --json prints the numbers alone; --save keeps them in bench/results/host.json.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { prepareVscode } from "../../scripts/setup.mjs";
import { launchBrowser } from "../../scripts/vscode/browser.ts";
import { startServer } from "../../scripts/vscode/server.ts";
import { openWindow } from "../../scripts/vscode/window.ts";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "attention-loupe-bench-"));
const results = join(folder, "latency.result");

const script = join(root, "dist", "bench", "latency.js");
await esbuild.build({
  entryPoints: [join(here, "latency.ts")],
  outfile: script,
  bundle: true,
  platform: "node",
  format: "cjs",
  external: ["vscode"],
  logLevel: "warning",
  define: { RESULTS: JSON.stringify(results) },
});
const machine = prepareVscode();
const server = await startServer({ serverFolder: machine.serverFolder, extension: root });
const browser = await launchBrowser(machine.chromium);
try {
  await openWindow(browser, server, { folder, tests: script });
  const measured = await written();
  if (measured.error) throw new Error(measured.error);
  if (process.argv.includes("--json")) console.log(JSON.stringify(measured));
  else print(measured);
  if (process.argv.includes("--save")) {
    writeFileSync(join(root, "bench", "results", "host.json"), `${JSON.stringify(measured, null, 2)}\n`);
  }
} finally {
  await browser.close();
  server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function written() {
  for (let tries = 0; tries < 3000; tries++) {
    try {
      return JSON.parse(readFileSync(results, "utf8"));
    } catch {
      await wait(100);
    }
  }
  throw new Error("The extension host gave no results within five minutes.");
}

function print({ activation, example, sizes, eventLoop, large }) {
  const { load, activate, whole } = activation;
  console.log(
    `activation: loading ${load.toFixed(1)} ms, activate ${activate.toFixed(1)} ms, with VS Code's own part ${whole.toFixed(1)} ms`,
  );
  console.log(
    `first hover in a small file: Python ${example.python.toFixed(1)} ms, JSON (with VS Code's own service) ${example.json.toFixed(1)} ms`,
  );
  console.log("ms                              first     50 %     95 %     99 %");
  for (const { name, firstHover, hover, keystroke } of sizes) {
    console.log(line(`${name}: hover`, firstHover, hover));
    console.log(line(`${name}: keystroke to weights`, null, keystroke));
  }
  const { ours, without } = eventLoop;
  console.log(`event-loop delay, 99 %: ${ours.toFixed(1)} ms; the same typing in plain text: ${without.toFixed(1)} ms`);
  const [numbers, growth] = [large.numbers, large.growth].map((bytes) => Math.round(bytes / 1e6));
  console.log(
    `a dump of 200 MB: ${large.seconds.toFixed(1)} s; the host grew by ${growth} MB, ${(growth / numbers).toFixed(2)} × the ${numbers} MB of its numbers`,
  );
}

function line(name, first, { p50, p95, p99 }) {
  const numbers = [first, p50, p95, p99].map((x) => (x === null ? "" : x.toFixed(1)).padStart(8));
  return `${name.padEnd(29)}${numbers.join(" ")}`;
}
