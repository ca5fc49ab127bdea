// One way to compute attention, in a process of its own: prepares, says "ready", then for each line that comes in computes
// and says how long it took (and, for the engine's own, what a bare multiply-add loop does at that moment).
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
const memory = await firstGrowth();
// Everyone warms up for half a second of processor time, so that compilers have done their work.
for (let runs = 0, start = processorTime(); runs < 2 || (runs < 60 && processorTime() - start < 500); runs++)
  await run();
console.log("ready");
/** A run shorter than this, in ms, is made twice and the second one timed: the first wakes a core and its caches up. */
const short = 50;
let last = 0;
for await (const _ of createInterface({ input: process.stdin })) {
  if (last < short) await run();
  const speed = peak?.(cpu ? processorTime : () => performance.now());
  const started = [performance.now(), processorTime()];
  await run();
  last = cpu ? processorTime() - started[1] : performance.now() - started[0];
  const ms = last * (run.times ?? 1);
  console.log(JSON.stringify({ ms, peak: speed, memory }));
}
process.exit(0);

/** How many bytes the process grows by while it computes for the first time: by its peak, where that is a new one. */
async function firstGrowth() {
  globalThis.gc?.();
  const [before, highest] = [process.memoryUsage.rss(), process.resourceUsage().maxRSS];
  await run();
  const peak = process.resourceUsage().maxRSS;
  return Math.max(process.memoryUsage.rss(), peak > highest ? peak * 1024 : 0) - before;
}
