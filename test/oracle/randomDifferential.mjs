// Compares the reader's random numbers with those that NumPy and PyTorch drew.
//
//     python3 test/oracle/randomPrograms.py 2000 1 > programs.json && node test/oracle/randomDifferential.mjs programs.json
//
// What the reader calls exact must be equal to the last bit; what it marks as derived to 1e-6 (float32) or 1e-12.
import { readFileSync } from "node:fs";
import { openDocuments } from "./reader.mjs";

const read = await openDocuments();
const total = { exact: 0, close: 0, unknown: 0, wrong: 0 };
const unknown = new Map();
for (const { text, held } of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  const tensors = new Map(read(text).tensors.map((t) => [t.name, t]));
  for (const [name, truth] of Object.entries(held)) {
    const verdict = judge(tensors.get(name), truth);
    total[verdict]++;
    const line = text.split("\n").find((l) => l.startsWith(`${name} = `));
    if (verdict === "wrong") console.log(`WRONG ${name}\n${text}${shown(tensors.get(name), truth)}`);
    if (verdict === "unknown") {
      const call = `${/[\w.]+\(/.exec(line.slice(name.length + 3))?.[0] ?? line} ${tensors.get(name)?.why?.code ?? "?"}`;
      unknown.set(call, [...(unknown.get(call) ?? []), line]);
    }
  }
}
console.log(JSON.stringify(total));
for (const [call, lines] of [...unknown].sort((a, b) => b[1].length - a[1].length).slice(0, 25))
  console.log(String(lines.length).padStart(5), call.padEnd(60), lines[0]);
process.exitCode = total.wrong > 0 ? 1 : 0;

function judge(entry, truth) {
  if (!entry) return "unknown";
  if (entry.shape?.join() !== truth.shape.join() || entry.dtype !== truth.dtype) return "wrong";
  if (!entry.values) return "unknown";
  const number = truth.dtype.startsWith("float") ? Number : BigInt;
  const [wanted, got] = [truth.values.map(number), Array.from(entry.values.data, number)];
  if (wanted.every((w, i) => w === got[i])) return entry.exact ? "exact" : "close";
  const room = truth.dtype === "float64" ? 1e-12 : 1e-6;
  const near = wanted.every((w, i) => Math.abs(Number(w) - Number(got[i])) <= room * Math.max(1, Math.abs(Number(w))));
  return near && !entry.exact ? "close" : "wrong";
}

function shown(entry, truth) {
  const at = truth.values.findIndex((v, i) => Number(v) !== Number(entry?.values?.data[i]));
  return `  was ${truth.dtype} ${truth.shape}, told ${entry?.dtype} ${entry?.shape}; first differs at ${at}: was ${truth.values[at]}, told ${entry?.values?.data[at]} (${entry?.exact ? "exact" : "derived"})`;
}
