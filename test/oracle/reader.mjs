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

/** The reader itself, as a function from a file to its expressions. Imports are looked for up to the folder `root`. */
export async function openReader() {
  const wasm = join(dirname(createRequire(import.meta.url).resolve("@vscode/tree-sitter-wasm/package.json")), "wasm");
  const bytes = (name) => new Uint8Array(readFileSync(join(wasm, name)));
  const reader = await createPythonReader({
    treeSitter: bytes("tree-sitter.wasm"),
    grammar: bytes("tree-sitter-python.wasm"),
  });
  return (path, root = dirname(path)) => {
    const text = readFileSync(path, "utf8");
    const lines = linesOf(text);
    const { expressions = [] } = reader.read(text, { language: "python", modules: moduleFinder(path, root, readFile) });
    return expressions.map(({ range, shapes, dtypes }) => ({ range: lines.span(range), shapes, dtypes }));
  };
}
