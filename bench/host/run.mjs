// Latencies in a real extension host: activation, hovers, keystroke to weights, what the event loop suffers, and what a
// dump of 200 MB takes.
// --json prints the numbers alone; --save keeps them in bench/results/host.json.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { measuredInVscode } from "./inVscode.mjs";

const measured = await measuredInVscode(fileURLToPath(new URL("latency.ts", import.meta.url)));
if (process.argv.includes("--json")) console.log(JSON.stringify(measured));
else print(measured);
if (process.argv.includes("--save")) {
  writeFileSync(new URL("../results/host.json", import.meta.url), `${JSON.stringify(measured, null, 2)}\n`);
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
