import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { linesOf } from "../../src/reading/lines.ts";
import { moduleFinder } from "../../src/reading/python/modules.ts";
import { createPythonReader } from "../../src/reading/python/reader.ts";

function readFile(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function openPython() {
  const wasm = join(dirname(createRequire(import.meta.url).resolve("@vscode/tree-sitter-wasm/package.json")), "wasm");
  const bytes = (name) => new Uint8Array(readFileSync(join(wasm, name)));
  return createPythonReader({ treeSitter: bytes("tree-sitter.wasm"), grammar: bytes("tree-sitter-python.wasm") });
}

/** The reader itself, as a function from a text to all that it knows. */
export async function openDocuments() {
  const reader = await openPython();
  return (text) => reader.read(text, { language: "python" });
}

/** The reader itself, as a function from a file to its expressions. Imports are looked for up to the folder `root`. */
export async function openReader() {
  const reader = await openPython();
  return (path, root = dirname(path)) => {
    const text = readFileSync(path, "utf8");
    const lines = linesOf(text);
    const { expressions = [] } = reader.read(text, { language: "python", modules: moduleFinder(path, root, readFile) });
    return expressions.map(({ range, shapes, dtypes }) => ({ range: lines.span(range), shapes, dtypes }));
  };
}
