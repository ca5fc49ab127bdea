// How long after a jump in a text of 1 and of 10 MB its numbers are painted, in a real VS Code: from the wheel to the first
// frame in which a line that came into view has its colours. A jump is further than what was painted around the screen.
// --json prints the numbers alone; --save keeps what is printed in bench/results/paint.md; --check fails above 50 ms (50 %).
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { prepareVscode } from "../../scripts/setup.mjs";
import { launchBrowser } from "../../scripts/vscode/browser.ts";
import { startServer } from "../../scripts/vscode/server.ts";
import { openWindow } from "../../scripts/vscode/window.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const jumps = 30;
/** In pixels: further than a screen and what is painted around it, and 30 of them stay inside a text of 1 MB. */
const jumpHeight = 3600;
const goal = 50;

const folder = mkdtempSync(join(tmpdir(), "attention-loupe-paint-"));
const machine = prepareVscode();
const server = await startServer({ serverFolder: machine.serverFolder, extension: root });
const browser = await launchBrowser(machine.chromium);
try {
  for (const megabytes of [1, 10]) writeFileSync(join(folder, `${megabytes}.json`), textOf(megabytes * 1e6));
  const window = await openWindow(browser, server, { folder });
  const measured = {};
  for (const megabytes of [1, 10]) measured[`${megabytes} MB`] = await measure(window, `${megabytes}.json`);
  if (process.argv.includes("--json")) console.log(JSON.stringify(measured));
  else console.log(report(measured));
  if (process.argv.includes("--save")) save(measured);
  const slow = Object.values(measured).some(({ p50 }) => p50 > goal);
  process.exitCode = process.argv.includes("--check") && slow ? 1 : 0;
} finally {
  await browser.close();
  server.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Paints a file and jumps through it. */
async function measure(window, name) {
  const { page } = window;
  await window.openFile(name);
  await window.runCommand("attentionLoupe.paintValues");
  await page.locator(".view-line span[class*='ced-']").first().waitFor();
  const box = await page.locator(".editor-group-container.active .editor-scrollable").boundingBox();
  await page.mouse.move(box.x + box.width / 3, box.y + box.height / 2);
  const times = [];
  for (let jump = 0; jump < jumps; jump++) {
    const painted = page.evaluate(untilPainted);
    await page.mouse.wheel(0, jumpHeight);
    times.push(await painted);
    await page.waitForTimeout(300);
  }
  await window.runCommand("attentionLoupe.paintValues");
  times.sort((a, b) => a - b);
  return { p50: times[jumps / 2], p95: times[Math.floor(jumps * 0.95)] };
}

/** Runs in the page: resolves to the ms from the next turn of the wheel to colours on a line that was not there before. */
function untilPainted() {
  const lines = () => [...document.querySelectorAll(".editor-group-container.active .view-line")];
  const before = new Set(lines().map(({ textContent }) => textContent));
  const isPainted = () =>
    lines().some((line) => !before.has(line.textContent) && line.querySelector("span[class*='ced-']"));
  return new Promise((resolve, reject) => {
    const turned = () => {
      const begin = performance.now();
      const look = () => {
        const time = performance.now() - begin;
        if (isPainted()) resolve(time);
        else if (time > 10_000) reject(new Error("nothing new was painted within 10 s after a jump"));
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    };
    window.addEventListener("wheel", turned, { capture: true, once: true, passive: true });
  });
}

/** A matrix of 16 columns, a row a line, each line another. */
function textOf(length) {
  let seed = 1;
  const next = () => {
    seed = (seed * 48271) % 2147483647;
    return (seed / 2147483647).toFixed(6);
  };
  const row = () => `    [${Array.from({ length: 16 }, next).join(", ")}]`;
  const rows = Math.floor(length / (row().length + 2));
  return `{\n  "Q": [\n${Array.from({ length: rows }, row).join(",\n")}\n  ]\n}\n`;
}

function save(measured) {
  const heading = "# Painted numbers in a real VS Code: `npm run bench -- paint`";
  const [load] = loadavg();
  const machine = `Node ${process.versions.node}, ${cpus().length} cores of ${cpus()[0].model}; load when it ended: ${load.toFixed(1)}.`;
  const file = new URL("../results/paint.md", import.meta.url);
  writeFileSync(file, `${heading}\n\n${machine}\n\n\`\`\`\n${report(measured)}\n\`\`\`\n`);
}

function report(measured) {
  return Object.entries(measured)
    .map(([name, times]) => lineOf(name, times))
    .join("\n");
}

function lineOf(name, { p50, p95 }) {
  return `${name}: painted ${p50.toFixed(0)} ms after a jump (50 %), ${p95.toFixed(0)} ms (95 %)`;
}
