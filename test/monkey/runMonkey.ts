import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import type { Frame } from "playwright-core";
import { outputFolder, root } from "../../scripts/setup/paths.mjs";
import { copyOfExamples } from "../../scripts/testing/workspace.ts";
import { launchBrowser } from "../../scripts/vscode/browser.ts";
import { type Machine, startServer } from "../../scripts/vscode/server.ts";
import { openWindow, type VscodeWindow } from "../../scripts/vscode/window.ts";
import { chooseAction, type Hands } from "./actions.ts";

/**
 * Uses the panel at random for some minutes and prints the seed, what was done, errors and the page's heap. Resolves to
 * whether all was silent and the heap did not grow beyond twice its size after the first minute.
 */
export async function runMonkey(args: string[], machine: Machine): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: { minutes: { type: "string", default: "5" }, seed: { type: "string" } },
  });
  const seed = Number(values.seed ?? Date.now() % 2 ** 31);
  const minutes = Number(values.minutes);
  console.log(`seed ${seed}, ${minutes} min`);
  const folder = copyOfExamples();
  const server = await startServer({ serverFolder: machine.serverFolder, extension: root });
  const browser = await launchBrowser(machine.chromium);
  try {
    const window = await openWindow(browser, server, { folder });
    return await play(window, { seed, minutes });
  } finally {
    await browser.close();
    server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function play(window: VscodeWindow, { seed, minutes }: { seed: number; minutes: number }): Promise<boolean> {
  await window.openFile("attention.json");
  await window.runCommand("Attention: Run on This File");
  const random = generator(seed);
  const log: string[] = [];
  const heaps: number[] = [];
  const end = Date.now() + minutes * 60_000;
  let [count, missed, nextHeap] = [0, 0, 0];
  while (Date.now() < end) {
    const panel = await shownPanel(window, log);
    if (Date.now() > nextHeap) {
      heaps.push(await heapOf(window, panel));
      nextHeap = Date.now() + 30_000;
    }
    const done = await act({ page: window.page, panel, random });
    log.push(done);
    if (done.includes("missed")) missed++;
    count++;
    await window.page.waitForTimeout(20 + random() * 120);
    if (window.ownErrors.length > 20) break;
  }
  heaps.push(await heapOf(window, await shownPanel(window, log)));
  return told({ seed, minutes, count, missed, log, heaps, errors: window.ownErrors });
}

/** The panel; opened again, and noted, where an action closed it. */
async function shownPanel(window: VscodeWindow, log: string[]): Promise<Frame> {
  try {
    return await window.panelFrame({ timeout: 5000 });
  } catch {
    log.push("the panel was not to be seen: opened again");
    await window.screenshot(join(outputFolder, "monkey-lost.png"));
    await window.page.keyboard.press("Escape");
    await window.runCommand("Attention: Open Panel");
    return window.panelFrame();
  }
}

/** A target that is gone or covered when the hand arrives is no fault: people miss too. */
async function act(hands: Hands): Promise<string> {
  const action = chooseAction(hands.random);
  try {
    return `${action.name}: ${await action.run(hands)}`;
  } catch (error) {
    return `${action.name}: missed (${String(error).split("\n")[0]})`;
  }
}

/** MB of JavaScript objects in the panel's page, after a collection. */
async function heapOf(window: VscodeWindow, panel: Frame): Promise<number> {
  const session = await window.page
    .context()
    .newCDPSession(panel)
    .catch(() => window.page.context().newCDPSession(window.page));
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize / 2 ** 20;
}

interface Story {
  readonly seed: number;
  readonly minutes: number;
  readonly count: number;
  readonly missed: number;
  readonly log: readonly string[];
  readonly heaps: readonly number[];
  readonly errors: readonly string[];
}

function told(story: Story): boolean {
  const { seed, minutes, count, missed, log, heaps, errors } = story;
  mkdirSync(outputFolder, { recursive: true });
  const file = join(outputFolder, `monkey-${seed}.txt`);
  writeFileSync(file, `${log.join("\n")}\n`);
  const settled = heaps[Math.min(2, heaps.length - 1)]!;
  const last = heaps.at(-1)!;
  console.log(`${count} actions in ${minutes} min (${missed} missed their target), listed in ${relative(root, file)}`);
  console.log(
    `heap ${heaps[0]!.toFixed(1)} MB at the start, ${settled.toFixed(1)} MB after a minute, ${last.toFixed(1)} MB at the end`,
  );
  console.log(`growth after the first minute ${(last - settled).toFixed(1)} MB`);
  for (const error of errors) console.log(`error: ${error}`);
  console.log(errors.length === 0 ? "silent" : `${errors.length} errors`);
  return errors.length === 0 && last < 2 * settled;
}

/** mulberry32: small, and the same on every machine. */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
