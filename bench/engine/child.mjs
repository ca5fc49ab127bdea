// One way to compute attention, in a process of its own: prepares, says "ready", then for each line that comes in computes
// once and says how long it took (and, for the engine's own, what a bare multiply-add loop does at that moment).
import { createInterface } from "node:readline";
import { peakLoop, runners } from "./runners.mjs";

const { name, shape, dist, cpu } = JSON.parse(process.argv[2]);
/** Of all threads of this process, in ms. */
const processorTime = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const run = await runners[name]({ ...shape, dist });
const peak = name === "ours" ? await peakLoop(dist) : null;
globalThis.gc?.();
const before = process.memoryUsage.rss();
const highest = process.resourceUsage().maxRSS;
// Everyone warms up for half a second of processor time, so that compilers have done their work.
for (let runs = 0, start = processorTime(); runs < 2 || (runs < 60 && processorTime() - start < 500); runs++)
  await run();
console.log("ready");
let most = before;
for await (const _ of createInterface({ input: process.stdin })) {
  const speed = peak?.(cpu ? processorTime : () => performance.now());
  const started = [performance.now(), processorTime()];
  await run();
  const ms = (cpu ? processorTime() - started[1] : performance.now() - started[0]) * (run.times ?? 1);
  // The process' peak tells of the computation only where it is a new one: loading may have gone higher before.
  const peakNow = process.resourceUsage().maxRSS;
  most = Math.max(most, process.memoryUsage.rss(), peakNow > highest ? peakNow * 1024 : 0);
  console.log(JSON.stringify({ ms, peak: speed, memory: most - before }));
}
process.exit(0);
