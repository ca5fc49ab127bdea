import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { ExpressionEntry, Reader, TensorDocument, TensorEntry } from "../../../../src/reading/document.ts";
import { createPythonReader } from "../../../../src/reading/python/reader.ts";

const wasm = join(dirname(createRequire(import.meta.url).resolve("@vscode/tree-sitter-wasm/package.json")), "wasm");

export function wasmBytes(): { treeSitter: Uint8Array; grammar: Uint8Array } {
  const bytes = (name: string): Uint8Array => new Uint8Array(readFileSync(join(wasm, name)));
  return { treeSitter: bytes("tree-sitter.wasm"), grammar: bytes("tree-sitter-python.wasm") };
}

let shared: Promise<Reader> | undefined;

/** One reader for all tests: starting tree-sitter is the slow part. */
export function reader(): Promise<Reader> {
  shared ??= createPythonReader(wasmBytes());
  return shared;
}

export async function read(text: string): Promise<TensorDocument> {
  return (await reader()).read(text, { language: "python" });
}

export function named(document: TensorDocument, name: string): TensorEntry {
  const found = document.tensors.find((t) => t.name === name);
  if (!found) throw new Error(`no tensor ${name} among ${document.tensors.map((t) => t.name).join(", ")}`);
  return found;
}

/** The shapes that the first expression with this text had. */
export async function shapesIn(text: string, expression: string): Promise<ExpressionEntry["shapes"]> {
  const { expressions = [] } = await read(text);
  const found = expressions.find((e) => text.slice(e.range.start, e.range.end) === expression);
  if (!found) throw new Error(`no tensor expression ${expression}`);
  return found.shapes;
}
