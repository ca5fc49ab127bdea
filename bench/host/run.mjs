// Latencies in a real extension host: activation, hovers, keystroke to weights, what the event loop suffers, and what a
// dump of 200 MB takes.
// --json prints the numbers alone; --save keeps what is printed in bench/results/host.md.
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { measuredInVscode } from "./inVscode.mjs";

const inWindow = (script, without) => measuredInVscode(fileURLToPath(new URL(script, import.meta.url)), without);
const fresh = { without: await inWindow("firstWithout.ts", true), python: await inWindow("firstPython.ts") };
const measured = { fresh, ...(await inWindow("latency.ts")) };
if (process.argv.includes("--json")) console.log(JSON.stringify(measured));
else console.log(report(measured));
if (process.argv.includes("--save")) {
  const heading = `# In a real extension host: \`npm run bench -- host\`\n\n${machineName()}`;
  const file = new URL("../results/host.md", import.meta.url);
  writeFileSync(file, `${heading}\n\n\`\`\`\n${report(measured)}\n\`\`\`\n`);
}

function machineName() {
  const [load] = loadavg();
  return `Node ${process.versions.node}, ${cpus().length} cores of ${cpus()[0].model}; load when it ended: ${load.toFixed(1)}.`;
}

function report({ activation, fresh, example, sizes, eventLoop, large }) {
  const { load, activate, whole } = activation;
  const { ours, without } = eventLoop;
  const [numbers, growth] = [large.numbers, large.growth].map((bytes) => Math.round(bytes / 1e6));
  return [
    `activation: loading ${load.toFixed(1)} ms, activate ${activate.toFixed(1)} ms, with VS Code's own part ${whole.toFixed(1)} ms`,
    `first hover in a small file: Python ${example.python.toFixed(1)} ms, JSON (with VS Code's own service) ${example.json.toFixed(1)} ms`,
    `fresh window, Python its first file: our provider ${both(fresh.python.ours)} ms (first hover, the next), with VS Code's own part ${both(fresh.python.all)} ms${fresh.python.wasActive ? "; the extension was running already" : ""}`,
    `the same without us, with a provider that does nothing: ${both(fresh.without.all)} ms`,
    "ms                                       first     50 %     95 %     99 %",
    ...sizes.flatMap(({ name, firstHover, hover, keystroke, slowly, row, thread }) => [
      line(`${name}: hover`, firstHover, hover),
      line(`${name}: keystroke to weights`, null, keystroke),
      line(`${name}: the same, a key in 100 ms`, null, slowly),
      line(`${name}: a row more or less, to weights`, null, row),
      line(`${name}: an idle thread's answer`, null, thread),
    ]),
    `event-loop delay, 99 %: ${ours.toFixed(1)} ms; the same typing in plain text: ${without.toFixed(1)} ms`,
    `a dump of 200 MB: ${large.seconds.toFixed(1)} s; the host grew by ${growth} MB, ${(growth / numbers).toFixed(2)} × the ${numbers} MB of its numbers`,
  ].join("\n");
}

function both([first, next]) {
  return `${first.toFixed(1)}, ${next.toFixed(1)}`;
}

function line(name, first, { p50, p95, p99 }) {
  const numbers = [first, p50, p95, p99].map((x) => (x === null ? "" : x.toFixed(1)).padStart(8));
  return `${name.padEnd(38)}${numbers.join(" ")}`;
}
