import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
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

/** The reader itself, as a function from a file to its expressions. Imports are looked for up to `root`. */
export async function openReader(root = "") {
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

/** Modules from the importing file's folder upwards to the project's. */
function finder(path, root) {
  return (name, from) => {
    const dots = /^\.*/.exec(name)[0].length;
    const parts = name.slice(dots).split(".").filter(Boolean);
    let folder = dirname(from ?? path);
    if (dots > 0) {
      for (let up = 1; up < dots; up++) folder = dirname(folder);
      return moduleAt(join(folder, ...parts));
    }
    for (; ; folder = dirname(folder)) {
      const found = moduleAt(join(folder, ...parts));
      if (found && found.id !== path) return found;
      if (folder === root || relative(root, folder).startsWith("..")) return null;
    }
  };
}

function moduleAt(place) {
  for (const id of [`${place}.py`, join(place, "__init__.py")]) {
    if (existsSync(id) && statSync(id).isFile()) return { id, text: readFileSync(id, "utf8") };
  }
  return null;
}
