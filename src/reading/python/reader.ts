import type { Reader, ReadOptions, TensorDocument } from "../document.ts";
import { standardLibrary } from "./operations/table.ts";
import { createParser, type Parsed, type ParserBytes, type PythonParser } from "./parse.ts";
import { readPython } from "./read.ts";

/**
 * Reads Python without running it: shapes, dtypes and, where they are literal or seeded, values. Never throws on any
 * text; what it cannot tell is unknown, with the reason.
 */
export function pythonReader(parser: PythonParser): Reader {
  const framework = standardLibrary();
  const parses = new WeakMap<TensorDocument, Parsed>();
  const foreign = new Map<string, { readonly text: string; readonly parsed: Parsed }>();
  const parseForeign = (id: string, text: string): Parsed => {
    const known = foreign.get(id);
    if (known?.text === text) return known.parsed;
    const parsed = parser.parseForeign(text);
    foreign.set(id, { text, parsed });
    return parsed;
  };
  return {
    read(given, options: ReadOptions): TensorDocument {
      const text = String(given);
      const parsed = parser.parse(text, options.previous && parses.get(options.previous));
      const files = { find: options.modules ?? (() => null), parse: parseForeign };
      const document = readPython({ text, parsed, framework, files, hurried: options.hurried ?? false });
      parses.set(document, parsed);
      return document;
    },
  };
}

/** A reader from the two WebAssembly files of `@vscode/tree-sitter-wasm`. Rejects where they are not those. */
export async function createPythonReader(bytes: ParserBytes): Promise<Reader> {
  return pythonReader(await createParser(bytes));
}
