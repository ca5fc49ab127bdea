// Compares what the reader says of the statements that make.py made and ran with what came of them.
//
//     node compare.mjs --table > table.json           all that the reader knows by name, with its parameters
//     node compare.mjs cases.json [again.json …] [--unknown N] [--refused N] [--told N]
//
// Wrong: a shape, dtype or value that no run had (every one of the runs, where NumPy's versions differ). Told: something was
// told of what raises. Refused: the reader says that something raises which does not.
import { readFileSync } from "node:fs";
import { standardLibrary } from "../../../src/reading/python/operations/table.ts";
import { openDocuments } from "../reader.mjs";

const header =
  "import math, itertools, functools\nimport numpy as np\nimport torch\nfrom torch import nn\nimport torch.nn.functional as F\nimport einops\n";
const perProgram = 25;

if (process.argv[2] === "--table") {
  const table = [...standardLibrary().operations].map(([path, { parameters }]) => ({ path, parameters }));
  console.log(JSON.stringify(table));
} else await compare(process.argv.slice(2));

async function compare(given) {
  const limits = { unknown: 0, refused: 0, told: 0, wrong: 1000 };
  const paths = [];
  for (let at = 0; at < given.length; at++)
    if (given[at].startsWith("--")) limits[given[at].slice(2)] = Number(given[++at]);
    else paths.push(given[at]);
  const [cases, ...others] = paths.map((path) => JSON.parse(readFileSync(path, "utf8")));
  const again = others.map((list) => new Map(list.map((each) => [each.at, each])));
  const read = await openDocuments();
  const total = { exact: 0, close: 0, shape: 0, unknown: 0, wrong: 0, told: 0, refused: 0, raises: 0 };
  const shown = { wrong: [], told: [], refused: [], unknown: [] };
  for (let from = 0; from < cases.length; from += perProgram) {
    const program = cases.slice(from, from + perProgram);
    const tensors =
      readTogether(read, program) ?? new Map(program.flatMap((each) => [...(readTogether(read, [each]) ?? [])]));
    for (const each of program)
      judgeCase(each, tensors, again.map((a) => a.get(each.at)).filter(Boolean), total, shown);
  }
  console.log(JSON.stringify(total));
  for (const [kind, list] of Object.entries(shown))
    for (const text of list.slice(0, limits[kind])) console.log(`${kind.toUpperCase()} ${text}`);
  process.exitCode = total.wrong > 0 ? 1 : 0;
}

/** All tensors of some cases by name; null: the reader failed. */
function readTogether(read, cases) {
  const text = header + cases.map(({ lines }) => lines.join("\n")).join("\n");
  try {
    return new Map(read(text).tensors.map((t) => [t.name, t]));
  } catch (error) {
    if (cases.length === 1) console.log(`FAILED\n${text.slice(header.length)}\n${error.stack}`);
    return null;
  }
}

function judgeCase(each, tensors, more, total, shown) {
  const text = each.lines.join("\n    ");
  const name = `r${each.at}`;
  if (each.raised) {
    total.raises++;
    if (tensors.get(name)?.dtype && tensors.get(name)?.shape) {
      total.told++;
      shown.told.push(`${each.raised}\n    ${text}\n    told ${told(tensors.get(name))}`);
    }
    return;
  }
  for (const [held, truth] of Object.entries(each.held)) {
    const entry = tensors.get(held);
    const verdict = more.some((m) => m.raised)
      ? "unknown"
      : worst([truth, ...more.map((m) => m.held[held])].filter(Boolean).map((t) => judge(entry, t)));
    if (held.startsWith("a") && verdict !== "wrong") continue;
    total[verdict]++;
    if (verdict === "wrong")
      shown.wrong.push(
        `${held}\n    ${text}\n    was ${was(truth)}${more.map((m) => ` and ${was(m.held[held] ?? truth)}`).join("")}, told ${told(entry)}`,
      );
    if (verdict === "unknown") {
      const refused =
        entry?.why && /(?:Error|raises|broadcast|Range|Shape$|zeroDivision|noAttribute|missing)/.test(entry.why.code);
      if (refused) total.refused++;
      shown[refused ? "refused" : "unknown"].push(
        `${entry?.why?.code} ${each.lines.find((l) => l.startsWith(`${held} =`)) ?? each.lines.at(-1)}   [${text.slice(0, refused ? 900 : 300)}]`,
      );
    }
  }
}

function worst(verdicts) {
  return ["wrong", "unknown", "shape", "close", "exact"].find((v) => verdicts.includes(v)) ?? "unknown";
}

function judge(entry, truth) {
  try {
    return compared(entry, truth);
  } catch (error) {
    console.log(`FAILED ${error.stack}`);
    return "wrong";
  }
}

function compared(entry, truth) {
  if (!entry?.shape && !entry?.dtype) return "unknown";
  if (entry.shape && !fits(entry.shape, truth.shape)) return "wrong";
  if (entry.dtype && entry.dtype !== truth.dtype) return "wrong";
  if (!entry.shape || !entry.dtype || entry.shape.some((s) => typeof s !== "number")) return "unknown";
  if (!entry.values || !truth.values) return "shape";
  const got = Array.from(entry.values.data, Number);
  const wanted = truth.values.map((v) => Number(v.replace("inf", "Infinity")));
  if (got.length === wanted.length && wanted.every((w, i) => Object.is(w + 0, got[i] + 0)))
    return entry.exact ? "exact" : "close";
  if (entry.exact) return "wrong";
  const room = { float16: 2e-2, bfloat16: 6e-2, float64: 1e-7 }[truth.dtype] ?? 1e-3;
  const near = (w, g) => Object.is(w, g) || w === g || Math.abs(w - g) <= room * Math.max(1, Math.abs(w));
  return got.length === wanted.length && wanted.every((w, i) => near(w, got[i])) ? "close" : "wrong";
}

function fits(shape, truth) {
  return shape.length === truth.length && shape.every((s, at) => typeof s !== "number" || s === truth[at]);
}

function was(truth) {
  return `${truth.dtype} [${truth.shape}] ${truth.values ?? ""}`.slice(0, 400);
}
function told(entry) {
  let values = "-";
  try {
    if (entry?.values) values = Array.from(entry.values.data).slice(0, 64);
  } catch (error) {
    values = String(error);
  }
  return `${entry?.dtype} [${entry?.shape}] ${values} ${entry?.exact ? "exact" : "derived"}`.slice(0, 400);
}
