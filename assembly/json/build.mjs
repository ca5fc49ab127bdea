// Builds the JSON scanner into `folder`/json.wasm. Only npm is needed.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import asc from "assemblyscript/asc";

/** Bytes of input that a call reads at most: a few hundred microseconds of work. */
const inputSize = 256 * 1024;
const slack = 64;

/** Where things lie in memory; static data (the powers) come first, below `input`. */
const layout = (() => {
  const input = 16 * 1024;
  const starts = input + inputSize + slack;
  // Two bytes make a leaf at the least.
  const leaves = inputSize / 2 + 16;
  const values = starts + leaves * 4;
  const slow = values + leaves * 8;
  const notes = slow + leaves * 4;
  const nodes = notes + 12 * 256;
  return { INPUT: input, STARTS: starts, VALUES: values, SLOW: slow, NOTES: notes, NODES: nodes };
})();

/** 10^0 … 10^22 as doubles, then the first 128 bits of 5^q for q = −342 … 308, high half first. */
function powers() {
  const bits = new BigUint64Array(Float64Array.from({ length: 23 }, (_, q) => Number(`1e${q}`)).buffer);
  return [
    ...bits,
    ...Array.from({ length: 651 }, (_, at) => fiveTo(at - 342)).flatMap((five) => [
      five >> 64n,
      five & 0xffffffffffffffffn,
    ]),
  ];
}

/** 5^q, shifted to 128 bits: cut off for q ≥ 0; below, a little more than it, cut off again from q = −28 on. */
function fiveTo(q) {
  const power = 5n ** BigInt(Math.abs(q));
  const size = power.toString(2).length;
  if (q >= 0) return size > 128 ? power >> BigInt(size - 128) : power << BigInt(128 - size);
  if (q >= -27) return (1n << BigInt(size + 127)) / power + 1n;
  const wide = (1n << BigInt(2 * size + 128)) / power + 1n;
  return wide >> BigInt(wide.toString(2).length - 128);
}

/** Read from byte n on, a mask of the last n of 16 bytes; of all from n = 16 on. */
function lastBytes() {
  return [...Array(16).fill(0), ...Array(32).fill(255)];
}

/** The character 0 and the digit 9, sixteen times each; what puts two digits, two pairs, and two fours together. */
function vectors() {
  const weights = [10, 100, 10000].map(
    (high) => new Uint8Array(Uint16Array.from({ length: 8 }, (_, at) => (at % 2 ? 1 : high)).buffer),
  );
  return [...Array(16).fill(48), ...Array(16).fill(9), ...weights.flatMap((bytes) => [...bytes])];
}

export async function buildJsonScanner(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "json.wasm"), await compile(source()));
}

function source() {
  const text = readFileSync(new URL("scanner.ts", import.meta.url), "utf8");
  const constants = {
    ...Object.fromEntries(Object.entries(layout).map(([name, at]) => [name, `const ${name}: usize = ${at};`])),
    POWERS: `const POWERS: usize = memory.data<u64>([${powers()
      .map((bits) => `0x${bits.toString(16)}`)
      .join(",")}]);`,
    TENS: `const TENS: usize = memory.data<u64>([${Array.from({ length: 20 }, (_, n) => 10n ** BigInt(n)).join(",")}]);`,
    LAST: `const LAST: usize = memory.data<u8>([${lastBytes().join(",")}]);`,
    VECTORS: `const VECTORS: usize = memory.data<u8>([${vectors().join(",")}]);`,
    MAXIMUM_NOTES: "const MAXIMUM_NOTES: i32 = 100;",
  };
  const filled = text.replace(/^declare const (\w+): \w+;$/gm, (_, name) => constants[name]);
  const views = Object.entries(layout).map(([name, at]) => `export const ${name.toLowerCase()}: i32 = ${at};`);
  return `${filled}\n${views.join("\n")}\nexport const inputSize: i32 = ${inputSize};\n`;
}

/** @throws Error with what the compiler said */
async function compile(text) {
  let binary = null;
  const flags = [
    "json.ts",
    "--outFile",
    "json.wasm",
    "--enable",
    "simd",
    "--runtime",
    "stub",
    "--optimizeLevel",
    "3",
    "--shrinkLevel",
    "0",
    "--noAssert",
    "--initialMemory",
    String(Math.ceil(layout.NODES / 65536) + 16),
    "--maximumMemory",
    "32768",
  ];
  const { error, stderr } = await asc.main(flags, {
    readFile: (name) => (name === "json.ts" ? text : null),
    writeFile: (name, contents) => {
      if (name === "json.wasm") binary = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`JSON scanner: ${error.message}\n${stderr.toString()}`);
  return binary;
}
