// Builds the engine's kernels into `folder`: one module for relaxed SIMD, one for plain simd128, each for shared and for
// private memory. Only npm is needed.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import asc from "assemblyscript/asc";
import { kernelSource } from "./source.mjs";

/** File name → tile shape. `attention.<instructions>[.shared].wasm` */
const shapes = {
  relaxed: { keys: 6, fused: true, unroll: 4, features: ["simd", "relaxed-simd"] },
  simd: { keys: 4, fused: false, unroll: 1, features: ["simd"] },
};

/** Writes the modules into `folder`. */
export async function buildKernels(folder) {
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of await compileKernels()) writeFileSync(join(folder, name), bytes);
}

/** The modules by file name. */
export async function compileKernels() {
  const modules = new Map();
  for (const [name, shape] of Object.entries(shapes)) {
    for (const shared of [false, true]) {
      modules.set(
        `attention.${name}${shared ? ".shared" : ""}.wasm`,
        await compile(kernelSource(shape), shape, shared),
      );
    }
  }
  return modules;
}

/** The bytes of one module. @throws Error with what the compiler said */
async function compile(source, { features }, shared) {
  let binary = null;
  const flags = [
    "kernel.ts",
    "--outFile",
    "kernel.wasm",
    "--runtime",
    "stub",
    "--optimizeLevel",
    "1",
    "--shrinkLevel",
    "0",
    "--noAssert",
    "--importMemory",
    "--initialMemory",
    "1",
    "--maximumMemory",
    "65536",
    ...features.flatMap((feature) => ["--enable", feature]),
    ...(shared ? ["--enable", "threads", "--sharedMemory"] : []),
  ];
  const { error, stderr } = await asc.main(flags, {
    readFile: (name) => (name === "kernel.ts" ? source : null),
    writeFile: (name, contents) => {
      if (name === "kernel.wasm") binary = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`attention kernel: ${error.message}\n${stderr.toString()}`);
  return binary;
}
