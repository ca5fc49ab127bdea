// The engine against its peers, shape by shape: every way in a process of its own, taking turns, so that all of them meet
// the same machine; ratios are medians over rounds.
//   --check         fails where a floor is not held (floors.mjs)     --rounds 7
//   --cpu           processor time rather than time, one thread: for a machine that is not quiet
//   --minutes 11    at most, about
//   --shapes 8x512x64,…   --threads 1,2   --full or --causal alone   --no-growth
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { buildKernels } from "../../assembly/build.mjs";
import { shapes as allShapes, floorOf, peakFloor } from "./floors.mjs";
import { runners } from "./runners.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const option = (name, otherwise) =>
  process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : otherwise;
/** Processor time tells the same on a machine that others use, but only for one thread. */
const cpu = process.argv.includes("--cpu");
const shapes = option("--shapes", allShapes.join(",")).split(",");
const rounds = Number(option("--rounds", "7"));
const threadCounts = option("--threads", cpu ? "1" : [...new Set([1, Math.min(2, availableParallelism())])].join(","))
  .split(",")
  .map(Number);
const kinds = process.argv.includes("--full")
  ? ["full"]
  : process.argv.includes("--causal")
    ? ["causal"]
    : ["full", "causal"];
/** The whole takes no longer than this, in ms: rounds are left out, three are always done. */
const allowed = Number(option("--minutes", "11")) * 60_000;
const forGrowth = 40_000;

/** Ms before each turn: threads of OpenBLAS, OpenMP and onnxruntime look for more work that long, on a core of whoever is next. */
const settling = 150;

const dist = mkdtempSync(join(tmpdir(), "bench-engine-"));
const python = pythonPeers();
await prepare();
const started = Date.now();
const left = () => allowed - forGrowth - (Date.now() - started);
const wanted = shapes.flatMap((name) =>
  kinds.flatMap((kind) => threadCounts.map((threads) => ({ name, causal: kind === "causal", threads }))),
);
const results = [];
// A fifth of the time is kept to look again at what did not hold: a noisy moment breaks no floor twice.
for (const [at, one] of wanted.entries()) results.push(await measure(one, (0.8 * left()) / (wanted.length - at)));
for (const [at, result] of results.entries()) {
  if (!result.rows.some(isBroken) || left() < 0) continue;
  console.log(`\nonce more: ${result.shape}`);
  results[at] = await measure(wanted[at], left() / 2, result.asked);
}
const growth = process.argv.includes("--no-growth") ? [] : await growthOf([1024, 2048, 4096, 8192, 16384, 32768]);
write();
rmSync(dist, { recursive: true });
const broken = results.flatMap(({ rows }) => rows).filter(isBroken);
for (const { shape, name, ratio, floor, most } of broken) {
  console.log(
    `not held: ${shape}, ${name}: ${ratio.toFixed(2)}, ${floor ? `at least ${floor.toFixed(2)}` : `at most ${most}`}`,
  );
}
process.exit(process.argv.includes("--check") && broken.length ? 1 : 0);

function isBroken({ ratio, floor, most }) {
  return (floor !== undefined && ratio < floor) || (most !== undefined && ratio > most);
}

/** What the engine needs of the build, in a folder of its own. */
async function prepare() {
  await buildKernels(join(dist, "wasm"));
  const esbuild = await import("esbuild");
  const entry = join(here, "../../src/platform/node/taskWorker.ts");
  await esbuild.build({
    entryPoints: [entry],
    outfile: join(dist, "taskWorker.js"),
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "error",
  });
}

function pythonPeers() {
  const command = process.platform === "win32" ? "python" : "/usr/bin/python3";
  const has = (module) => spawnSync(command, ["-c", `import ${module}`]).status === 0;
  return ["numpy", "torch"].flatMap((module) => {
    if (has(module)) return [{ name: module === "numpy" ? "NumPy" : "PyTorch", command }];
    console.log(`${module}: not there, skipped (Debian: python3-${module})`);
    return [];
  });
}

/** A process that computes once for each question. */
async function open(name, shape) {
  const given = JSON.stringify({ name, shape, dist, cpu });
  const peer = python.find((one) => one.name === name);
  const child = peer
    ? spawn(peer.command, [join(here, "peers.py"), given])
    : spawn(process.execPath, [
        "--expose-gc",
        "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON",
        join(here, "child.mjs"),
        given,
      ]);
  let errors = "";
  child.stderr.on("data", (data) => (errors += data));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async () => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${name}: ${(errors.match(/^\w*Error: .*$/m)?.[0] ?? errors.trim()).slice(0, 200)}`);
      if (value === "ready" || value.startsWith("{")) return value;
    }
  };
  await nextLine();
  return {
    name,
    async ask() {
      await sleep(settling);
      child.stdin.write("go\n");
      return JSON.parse(await nextLine());
    },
    close: () => child.kill(),
  };
}

function namesFor(name, causal, threads) {
  const [, n] = name.split("x").map(Number);
  // Up to 1024² cells a head no map is made: the row would time the same run once more.
  const map = n > 1024 ? ["ours, with map"] : [];
  const one = threads === 1 ? [...map, "ours, plain simd", "plain loop", "tfjs-wasm"] : [];
  const masks = one.length > 0 && !causal && name === "12x1024x64" ? ["ours, boolean mask", "ours, float mask"] : [];
  return [
    "ours",
    ...one,
    ...masks,
    ...(threads > 1 ? ["ours, private memories"] : []),
    "onnxruntime-web",
    "onnxruntime-node",
    ...python.map(({ name }) => name),
  ]
    .filter((peer) => runners[peer] || python.some((p) => p.name === peer))
    .filter((peer) => !(causal && (peer === "plain loop" || peer === "tfjs-wasm")));
}

/** Rounds in which everyone takes a turn, until `time` is over; those of an earlier measurement count too. */
async function measure({ name, causal, threads }, time, before = new Map()) {
  const begin = Date.now();
  const [h, n, d] = name.split("x").map(Number);
  const shape = { h, n, d, causal, threads };
  const processes = [];
  for (const peer of namesFor(name, causal, threads)) {
    try {
      processes.push(await open(peer, shape));
    } catch (error) {
      console.log(`left out: ${error.message}`);
    }
  }
  const asked = new Map(processes.map((process) => [process.name, []]));
  for (let round = 0; round < rounds && (round < 3 || Date.now() - begin < time); round++) {
    for (const process of processes) {
      const answers = asked.get(process.name);
      // Someone slow who differs little from round to round need not be asked as often.
      if (answers.length < 3 || answers.reduce((sum, { ms }) => sum + ms, 0) < 6000) answers.push(await process.ask());
    }
  }
  for (const process of processes) process.close();
  const result = { ...summed(name, shape, asked, before), asked };
  print(result);
  return result;
}

/** Of each round, how many times longer than ours. */
function ratiosOf(peer, asked) {
  const ours = asked.get("ours") ?? [];
  return (asked.get(peer) ?? []).map(({ ms }, round) => ms / ours[round].ms);
}

function summed(name, { h, n, d, causal, threads }, asked, before) {
  const ours = asked.get("ours");
  const label = `${name}${causal ? " causal" : ""}, ${threads} thread${threads > 1 ? "s" : ""}`;
  const operations = 4 * h * n * n * d * (causal ? 0.5 : 1);
  const rows = [...asked]
    .filter(([peer]) => peer !== "ours")
    .map(([peer, answers]) => {
      const ratio = median([...ratiosOf(peer, before), ...ratiosOf(peer, asked)]);
      return {
        shape: label,
        name: peer,
        ms: median(answers.map(({ ms }) => ms)),
        ratio,
        memory: answers[0]?.memory,
        ...ownFloor(peer, name, causal, threads),
      };
    });
  if (threads === 1) {
    const rounds = [...(before.get("ours") ?? []), ...ours];
    const share = median(rounds.map(({ ms, peak }) => operations / ms / 1e6 / peak));
    const promised = n >= 1024 && !causal ? peakFloor(d) : {};
    const arrays = 4 * h * n * d;
    const memory = Math.max(...ours.map((answer) => answer.memory)) / (6 * arrays + 1e6);
    rows.unshift({ shape: label, name: "memory ÷ (6·h·n·d·4 + 1 MB)", ms: null, ratio: memory, most: 1, goal: 0.5 });
    rows.unshift({ shape: label, name: "share of the 128-bit peak", ms: null, ratio: share, ...promised });
  }
  return {
    shape: label,
    ms: median(ours.map(({ ms }) => ms)),
    memory: Math.max(...ours.map(({ memory }) => memory)),
    rows,
  };
}

/** The map may cost 12 %, plain simd be 1.4 times slower; a goal is half of that. */
function ownFloor(peer, name, causal, threads) {
  if (peer === "ours, with map") return { most: 1.12, goal: 1.05 };
  if (peer === "ours, plain simd") return { most: 1.4, goal: 1.2 };
  if (peer.endsWith(" mask")) return { most: 1.3, goal: 1.1 };
  return floorOf(peer, name, causal, threads) ?? {};
}

async function growthOf(lengths) {
  const rows = [];
  for (const n of lengths) {
    const child = await open("ours", { h: 1, n, d: 64, causal: false, threads: threadCounts.at(-1) });
    const answers = [await child.ask(), await child.ask(), await child.ask()];
    child.close();
    rows.push({ n, ms: median(answers.map(({ ms }) => ms)), memory: Math.max(...answers.map(({ memory }) => memory)) });
    console.log(`1x${n}x64: ${rows.at(-1).ms.toFixed(1)} ms`);
  }
  return rows;
}

function print({ shape, ms, rows }) {
  console.log(`\n${shape}: ${ms.toFixed(1)} ms`);
  for (const row of rows) {
    const { name, ms: time, ratio, floor, most, goal } = row;
    const promise = floor
      ? `floor ${floor.toFixed(2)}, goal ${goal.toFixed(2)}`
      : most
        ? `at most ${most}, goal ${goal}`
        : "";
    const held = isBroken(row) ? "  <<" : "";
    console.log(
      `  ${name.padEnd(28)} ${time === null ? "".padStart(10) : `${time.toFixed(1)} ms`.padStart(10)}  ${ratio.toFixed(2).padStart(7)}×  ${promise}${held}`,
    );
  }
}

function write() {
  const folder = join(here, "../results");
  mkdirSync(folder, { recursive: true });
  const machine = `${cpus()[0]?.model.trim() ?? "?"}, ${availableParallelism()} threads, Node ${process.versions.node}`;
  const kept = results.map(({ asked: _, ...result }) => result);
  writeFileSync(
    join(folder, "engine.json"),
    `${JSON.stringify({ machine, rounds, results: kept, growth }, null, 1)}\n`,
  );
  writeFileSync(join(folder, "engine.md"), `${[machine, ...tables()].join("\n\n")}\n`);
}

/** For the README: how many times faster the engine is, what it takes of memory, and how both grow. */
function tables() {
  const names = [...new Set(results.flatMap(({ rows }) => rows.map(({ name }) => name)))];
  const cell = (rows, name) => {
    const row = rows.find((one) => one.name === name);
    return row ? (name.startsWith("share") ? `${Math.round(row.ratio * 100)} %` : `${row.ratio.toFixed(2)}×`) : "";
  };
  const speeds = results.map(({ shape, ms, rows }) => [shape, ms.toFixed(1), ...names.map((name) => cell(rows, name))]);
  const long = results.find(({ shape }) => shape === "1x8192x64, 1 thread");
  const memories = (long?.rows ?? [])
    .filter(({ memory }) => memory)
    .map(({ name, memory }) => [name, megabytes(memory)]);
  const grown = growth.map(({ n, ms, memory }) => [
    n,
    ms.toFixed(1),
    (ms / (n / 1024) ** 2).toFixed(2),
    megabytes(memory),
  ]);
  return [
    "How many times longer others take (of our own variants: how many times longer than the engine on one thread):",
    tableOf(["heads × length × size", "ms", ...names], speeds),
    ...(long
      ? [
          "Peak memory growth at 1 × 8192 × 64, in MB:",
          tableOf(["", "MB"], [["ours", megabytes(long.memory)], ...memories]),
        ]
      : []),
    ...(grown.length > 0
      ? ["Growth with the length, one head of size 64:", tableOf(["n", "ms", "ms ÷ (n ÷ 1024)²", "MB"], grown)]
      : []),
  ];
}

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}

function tableOf(heads, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(heads), `|---|${"---:|".repeat(heads.length - 1)}`, ...rows.map(line)].join("\n");
}

function median(list) {
  const sorted = list.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
